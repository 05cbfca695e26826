// Shows our own page where a page cannot be reached. It keeps that page and its files, nothing else: what people read is
// private, and our files come from the network whenever there is one, so that a deploy is seen at once.
const CACHE = "offline-{{ version }}";
const PAGE = "{% url "offline_page" %}";
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];
const OF_CUSTOMERS = [{% for path in of_customers %}"{{ path|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (isPage(event.request, path)) event.respondWith(pageOf(event));
  else if (FILES.includes(path)) event.respondWith(fileOf(event.request));
});

const isPage = ({ method, mode }, path) =>
  method === "GET" && mode === "navigate" && !OF_CUSTOMERS.some((start) => path.startsWith(start));

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...FILES].map((path) => new Request(path, { cache: "reload" })));
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable(); // the network need not wait for this script
}

async function pageOf(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function fileOf(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}
