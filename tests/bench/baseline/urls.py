from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from rest_framework import generics, serializers

from tests.bench.baseline.models import Item

GROUP = 7


def q100(request: HttpRequest) -> HttpResponse:
    """One indexed query of 100 rows, six cells each, in a template that extends another."""
    return render(request, "baseline/list.html", {"items": Item.objects.filter(group=GROUP)})


class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = "__all__"


class Drf100(generics.ListAPIView):
    """The same rows through a serializer: no pagination, nobody signed in."""

    queryset = Item.objects.filter(group=GROUP)
    serializer_class = ItemSerializer
    authentication_classes = ()
    permission_classes = ()
    pagination_class = None


urlpatterns = [path("q100/", q100), path("drf100/", Drf100.as_view())]
