"""When does it run: Airflow DAGs joined by assets. No logic beyond order."""
