import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Queue
from kombu.simple import SimpleQueue

TRANSPORT = "fde_portal.core.embedded_broker:Transport"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with connect(tmp_path) as connection:
        yield connection


def connect(folder: Path) -> Connection:
    return Connection(transport=TRANSPORT, transport_options={"folder": str(folder)})


def take_all(folder: Path) -> list[int]:
    """Everything one process can take from the queue."""
    with connect(folder) as connection:
        queue, taken = SimpleQueue(connection, "work"), []
        try:
            while True:
                message = queue.get_nowait()
                message.ack()
                taken.append(message.payload)
        except Empty:
            return taken


def put(folder: Path, numbers: list[int]) -> None:
    with connect(folder) as connection:
        queue = SimpleQueue(connection, "work")
        for number in numbers:
            queue.put(number, serializer="json")


def test_messages_arrive_in_the_order_they_were_sent(tmp_path):
    put(tmp_path, [3, 1, 2])

    assert take_all(tmp_path) == [3, 1, 2]


def test_a_publisher_and_a_consumer_share_no_memory(tmp_path):
    publisher = multiprocessing.get_context("spawn").Process(target=put, args=(tmp_path, [7]))
    publisher.start()
    publisher.join(30)

    assert take_all(tmp_path) == [7]


def test_competing_consumers_take_every_message_once(tmp_path):
    numbers = list(range(200))
    put(tmp_path, numbers)

    with multiprocessing.get_context("spawn").Pool(3) as consumers:
        shares = consumers.map(take_all, [tmp_path] * 3)

    assert sorted(sum(shares, [])) == numbers
    assert list(tmp_path.iterdir()) == []


def test_half_written_message_is_not_seen(tmp_path):
    (tmp_path / "1_x.work.draft").write_text('{"half":')

    assert take_all(tmp_path) == []


def test_unreadable_message_is_dropped_and_the_next_one_delivered(tmp_path):
    (tmp_path / "0_x.work.msg").write_text("")
    put(tmp_path, [5])

    assert take_all(tmp_path) == [5]


def test_queue_of_another_name_is_left_alone(tmp_path, connection):
    put(tmp_path, [1, 2])
    other = SimpleQueue(connection, "other")

    assert other.qsize() == 0
    assert SimpleQueue(connection, "work").qsize() == 2


def test_purge_empties_the_queue_and_counts(tmp_path, connection):
    put(tmp_path, [1, 2])
    queue = Queue("work", channel=connection.default_channel)

    assert queue.purge() == 2
    assert take_all(tmp_path) == []
