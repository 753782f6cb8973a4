"""Django REST framework, as its tutorial does it."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tests.benchmarks.twins.ground import LONGEST, NUMBERS, TEXTS, database, judge, read_token, sign

_AT = urlsplit(database())
settings.configure(
    SECRET_KEY="only-for-benchmarks",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _AT.path[1:],
            "USER": _AT.username,
            "PASSWORD": _AT.password,
            "HOST": _AT.hostname,
            "PORT": _AT.port,
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.db import models, transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class _Table(models.Model):
    class Meta:
        abstract = True
        managed = False
        app_label = "twin"


class Vehicle(_Table):
    plate = models.TextField(primary_key=True)
    status = models.TextField()
    inspection_until = models.DateField()
    insurance_until = models.DateField()
    review_until = models.DateField()
    scope = models.TextField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "vehicle"


class Person(_Table):
    reference = models.TextField(primary_key=True)
    status = models.TextField()
    licence_until = models.DateField()
    qualification_until = models.DateField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "person"


class Tank(_Table):
    number = models.TextField(primary_key=True)
    status = models.TextField()
    inspection_until = models.DateField()
    capacity_l = models.IntegerField()
    rated_kg = models.IntegerField()
    substances = models.TextField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "tank"


class DangerousGoods(_Table):
    un_number = models.TextField(primary_key=True)
    name = models.TextField()
    class_name = models.TextField()
    packing_group = models.TextField()
    tank_code = models.TextField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "dangerous_goods"


class Waybill(_Table):
    id = models.UUIDField(primary_key=True)
    number = models.TextField()
    status = models.TextField()
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, db_column="vehicle_plate")
    driver = models.ForeignKey(
        Person, models.PROTECT, db_column="driver_reference", related_name="+"
    )
    escort = models.ForeignKey(
        Person, models.PROTECT, db_column="escort_reference", related_name="+"
    )
    tank = models.ForeignKey(Tank, models.PROTECT, db_column="tank_number")
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    content = models.JSONField()
    signature = models.TextField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "waybill"


class Goods(_Table):
    pk = models.CompositePrimaryKey("waybill_id", "position")
    waybill = models.ForeignKey(Waybill, models.PROTECT, related_name="goods")
    position = models.IntegerField()
    un_number = models.TextField()
    quantity_kg = models.IntegerField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "waybill_goods"


class LoadingCheck(_Table):
    id = models.UUIDField(primary_key=True, default=uuid4)
    waybill = models.ForeignKey(Waybill, models.PROTECT)
    checked_at = models.DateTimeField()
    passed = models.BooleanField()
    findings = models.JSONField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "loading_check"


class Event(_Table):
    id = models.UUIDField(primary_key=True, default=uuid4)
    recorded_at = models.DateTimeField()
    kind = models.TextField()
    body = models.JSONField()

    class Meta(_Table.Meta):
        abstract = False
        db_table = "event"


class ScanSerializer(serializers.Serializer):
    token = serializers.CharField()


class CheckSerializer(serializers.ModelSerializer):
    class Meta:
        model = LoadingCheck
        fields = ("id", "passed", "findings")


class LineSerializer(serializers.Serializer):
    un_number = serializers.RegexField(r"^\d{4}$")
    quantity_kg = serializers.IntegerField(min_value=1)


IssueSerializer = type(
    "IssueSerializer",
    (serializers.Serializer,),
    {name: serializers.CharField(max_length=LONGEST) for name in TEXTS}
    | {name: serializers.IntegerField(min_value=0) for name in NUMBERS}
    | {name: serializers.CharField() for name in ("vehicle", "driver", "escort", "tank")}
    | {"valid_until": serializers.DateTimeField(), "goods": LineSerializer(many=True)},
)


class IssuedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Waybill
        fields = ("id", "number", "signature")


class ScanView(APIView):
    def post(self, request: Request) -> Response:
        """Judge what a token names."""
        wanted = ScanSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        claims = read_token(wanted.validated_data["token"])
        with transaction.atomic():
            found = (
                Waybill.objects.select_related("vehicle", "driver", "escort", "tank")
                .prefetch_related("goods")
                .get(id=claims["sub"])
            )
            findings = judge(_seen(found))
            passed = all(each["passed"] for each in findings)
            now = timezone.now()
            check = LoadingCheck.objects.create(
                waybill=found, checked_at=now, passed=passed, findings=findings
            )
            body = {"waybill": str(found.id), "findings": findings}
            Event.objects.create(recorded_at=now, kind="scan", body=body)
        return Response(CheckSerializer(check).data, status=201)


def _seen(found: Waybill) -> dict[str, Any]:
    lines = list(found.goods.all())
    return {
        "status": found.status,
        "vehicle_status": found.vehicle.status,
        "inspection_until": found.vehicle.inspection_until,
        "insurance_until": found.vehicle.insurance_until,
        "review_until": found.vehicle.review_until,
        "scope": found.vehicle.scope,
        "driver": found.driver_id,
        "escort": found.escort_id,
        "driver_until": min(found.driver.licence_until, found.driver.qualification_until),
        "escort_until": found.escort.qualification_until,
        "tank_status": found.tank.status,
        "tank_until": found.tank.inspection_until,
        "rated_kg": found.tank.rated_kg,
        "substances": found.tank.substances,
        "un_numbers": [line.un_number for line in lines],
        "quantities": [line.quantity_kg for line in lines],
    }


class IssueView(APIView):
    def post(self, request: Request) -> Response:
        """Sign a waybill."""
        wanted = IssueSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        identity, now = uuid4(), timezone.now()
        with transaction.atomic():
            named = [
                DangerousGoods.objects.get(un_number=g["un_number"]).name for g in given["goods"]
            ]
            content = {
                **given,
                "valid_until": given["valid_until"].isoformat(),
                "id": str(identity),
                "named": named,
            }
            made = Waybill.objects.create(
                id=identity,
                number=identity.hex,
                status="issued",
                vehicle_id=given["vehicle"],
                driver_id=given["driver"],
                escort_id=given["escort"],
                tank_id=given["tank"],
                issued_at=now,
                valid_until=given["valid_until"],
                content=content,
                signature=sign(content),
            )
            Goods.objects.bulk_create(
                Goods(waybill=made, position=at, **line)
                for at, line in enumerate(given["goods"], 1)
            )
            Event.objects.create(recorded_at=now, kind="issue", body={"waybill": str(identity)})
        return Response(IssuedSerializer(made).data, status=201)


urlpatterns = [path("scan", ScanView.as_view()), path("issue", IssueView.as_view())]
application = get_wsgi_application()
