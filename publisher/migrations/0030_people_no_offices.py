from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publisher", "0029_film_rates")]
    operations = [migrations.RemoveField(model_name="person", name="offices")]
