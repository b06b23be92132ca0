import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("sorted", "Behandlede et spørgsmål"),
                            ("edited", "Rettede i sit udkast"),
                            ("dropped", "Fortrød en rettelse i sit udkast"),
                            ("discarded", "Kasserede et udkast"),
                            ("settled", "Afgjorde en konflikt"),
                            ("approved", "Godkendte en ændret side"),
                            ("reverted", "Fortrød en udgivelse"),
                            ("started", "Startede en afprøvning"),
                            ("started_live", "Startede en afprøvning, der selv går i drift"),
                            ("cancelled", "Stoppede en afprøvning"),
                            ("published", "Satte i drift"),
                            ("overrode", "Satte i drift, selvom svar blev dårligere"),
                            ("rolled_back", "Gik tilbage til en tidligere model"),
                        ],
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "who",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "permissions": (
                    ("train", "Kan rette det, Puljeguiden kan, og afprøve det"),
                    ("publish", "Kan sætte i drift og gå tilbage til en tidligere model"),
                    ("override", "Kan sætte i drift, selvom svar bliver dårligere"),
                ),
                "default_permissions": (),
            },
        ),
    ]
