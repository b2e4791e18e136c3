"""How does a batch command get Spark?

A session takes seconds to start and a gigabyte: commands that need none use none, and one that
does makes few, fat jobs. Spark's jars are those that `starling up` has fetched. The first session
leaves an archive of the classes it loaded, which halves the start of all later ones.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
from pyspark import SparkContext
from pyspark.sql import SparkSession

from batch.command import BatchFailed
from settings import Settings


def jars(settings: Settings) -> Path:
    """The folder of Delta's jars. Raises `BatchFailed` where they were not fetched yet."""
    finished = (settings.cache_dir / "jars").glob("spark-*/.finished")
    newest = max(finished, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        raise BatchFailed(f"Spark's jars are not in {settings.cache_dir}: run ./starling up once")
    return newest.parent


def class_archive(settings: Settings) -> Path:
    """Where the JVM's archive of loaded classes lies; another JVM or jar has another archive."""
    home = os.environ.get("JAVA_HOME")
    java = Path(shutil.which(f"{home}/bin/java" if home else "java") or "java").resolve()
    tells = f"{java}:{java.stat().st_mtime_ns if java.exists() else 0}:{pyspark.__file__}"
    digest = hashlib.sha256(tells.encode()).hexdigest()[:8]
    return settings.cache_dir / "jars" / f"{jars(settings).name}-{digest}.jsa"


def config(settings: Settings, jvm_options: str) -> dict[str, str]:
    scratch = settings.state_dir / "spark"
    return {
        "spark.master": settings.spark_master,
        "spark.driver.memory": settings.spark_memory,
        "spark.driver.extraClassPath": f"{jars(settings)}/*",
        "spark.driver.extraJavaOptions": jvm_options,
        "spark.driver.host": settings.host,
        "spark.driver.bindAddress": settings.host,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(settings.spark_shuffle_partitions),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "4",
        "spark.databricks.delta.snapshotPartitions": "2",
    }


@contextmanager
def session(settings: Settings, name: str) -> Iterator[SparkSession]:
    """A Spark session that can read and write the lake, for as long as the block runs."""
    (settings.state_dir / "spark").mkdir(parents=True, exist_ok=True)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    archive = class_archive(settings)
    fresh = archive.with_suffix(f".{os.getpid()}")
    sharing = (
        f"-XX:SharedArchiveFile={archive}"
        if archive.exists()
        else f"-XX:ArchiveClassesAtExit={fresh}"
    )
    options = (
        # The quick compiler alone has room for 48 MB of code: many queries fill it, and all that
        # comes after them is interpreted.
        "-XX:ReservedCodeCacheSize=240m "
        f"-XX:-UsePerfData -XX:+UseSerialGC -Xlog:disable {settings.spark_jvm} {sharing}"
    )
    builder = SparkSession.builder.appName(f"starling-{name}")
    for key, value in config(settings, options).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()
        _end_jvm()
        if fresh.exists():
            fresh.replace(archive)  # at once, so that no session reads half an archive


def _end_jvm() -> None:
    """Waits until the JVM is gone: it holds memory that the next step needs."""
    gateway = SparkContext._gateway
    SparkContext._gateway = SparkContext._jvm = None
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
