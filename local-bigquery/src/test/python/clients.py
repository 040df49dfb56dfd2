"""Official and popular Python clients against the BigQuery at BIGQUERY_EMULATOR_HOST.

Prints a line for each case that fails and how many passed; exits with 1 where one failed. Every
client reads by the REST API: the local BigQuery has no Storage Read API.
"""
import datetime
import decimal
import io
import os
import sys

import pandas
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

PROJECT = "clients"
CLIENT = bigquery.Client(project=PROJECT, credentials=AnonymousCredentials())
CASES = []


def case(function):
    CASES.append(function)
    return function


def rows(sql, **options):
    return [tuple(row) for row in CLIENT.query_and_wait(sql, **options)]


def load(load_job):
    load_job.result()
    return load_job.output_rows


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


@case
def bigquery_parameters():
    scalar = bigquery.ScalarQueryParameter
    given = [
        scalar("a", "INT64", None),
        scalar("b", "STRING", None),
        scalar("c", "FLOAT64", 1.5),
        scalar("d", "NUMERIC", decimal.Decimal("1.25")),
        scalar("e", "BYTES", b"abc"),
        scalar("f", "DATE", datetime.date(2026, 1, 1)),
        bigquery.ArrayQueryParameter("g", "INT64", [1, 2]),
    ]
    answer = rows(
        "SELECT @a, @b, @c, @d, @e, @f, @g",
        job_config=bigquery.QueryJobConfig(query_parameters=given),
    )
    equal(answer[0], (None, None, 1.5, decimal.Decimal("1.25"), b"abc", datetime.date(2026, 1, 1), [1, 2]))


@case
def bigquery_loads_json_and_detects_its_schema():
    equal(load(CLIENT.load_table_from_json([{"a": 1, "b": "x"}], "py.json")), 1)
    equal(rows("SELECT a, b FROM py.json"), [(1, "x")])


@case
def bigquery_loads_csv_and_detects_its_schema():
    config = bigquery.LoadJobConfig(source_format="CSV", autodetect=True)
    equal(load(CLIENT.load_table_from_file(io.BytesIO(b'id,s\n1,"a,b"\n2,\n'), "py.csv", job_config=config)), 2)
    equal(rows("SELECT id, s FROM py.csv ORDER BY id"), [(1, "a,b"), (2, None)])


@case
def bigquery_loads_a_data_frame():
    frame = pandas.DataFrame(
        {"id": [1, 2], "s": ["a", None], "l": [[1], [2, 3]], "t": pandas.to_datetime(["2026-01-01", None], utc=True)}
    )
    equal(load(CLIENT.load_table_from_dataframe(frame, "py.frame")), 2)
    read = CLIENT.query("SELECT * FROM py.frame ORDER BY id").to_dataframe(create_bqstorage_client=False)
    equal([list(values) for values in read["l"]], [[1], [2, 3]])
    equal(rows("SELECT s, STRING(t) FROM py.frame ORDER BY id"), [("a", "2026-01-01 00:00:00+00"), (None, None)])


@case
def bigquery_reads_pages_jobs_and_metadata():
    equal(sum(1 for _ in CLIENT.query_and_wait("SELECT x FROM UNNEST(GENERATE_ARRAY(1, 2500)) x", page_size=1000)), 2500)
    assert list(CLIENT.list_jobs(max_results=2))
    assert "json" in [table.table_id for table in CLIENT.list_tables("py")]
    equal([project.project_id for project in CLIENT.list_projects()], [PROJECT])


@case
def pandas_gbq_writes_and_reads():
    import pandas_gbq

    frame = pandas.DataFrame({"a": [1, 2], "s": ["x", None]})
    for method in ["load_parquet", "load_csv"]:
        pandas_gbq.to_gbq(
            frame,
            "py.gbq",
            project_id=PROJECT,
            if_exists="replace",
            api_method=method,
            credentials=AnonymousCredentials(),
            progress_bar=False,
        )
        read = pandas_gbq.read_gbq(
            "SELECT * FROM py.gbq ORDER BY a",
            project_id=PROJECT,
            credentials=AnonymousCredentials(),
            use_bqstorage_api=False,
            progress_bar_type=None,
        )
        equal(list(read["a"]), [1, 2])
        assert pandas.isna(read["s"][1])


@case
def sqlalchemy_creates_inserts_reads_and_reflects():
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        f"bigquery://{PROJECT}?user_supplied_client=True", connect_args={"client": CLIENT}
    )
    meta = sqlalchemy.MetaData()
    table = sqlalchemy.Table(
        "alchemy",
        meta,
        sqlalchemy.Column("id", sqlalchemy.Integer),
        sqlalchemy.Column("s", sqlalchemy.String),
        sqlalchemy.Column("d", sqlalchemy.Date),
        schema="py",
    )
    meta.create_all(engine)
    given = [{"id": 1, "s": None, "d": datetime.date(2026, 1, 1)}, {"id": 2, "s": "x", "d": None}]
    with engine.begin() as connection:
        connection.execute(table.insert(), given)
        read = connection.execute(sqlalchemy.select(table).order_by(table.c.id)).all()
        equal([tuple(row) for row in read], [tuple(row.values()) for row in given])
        equal(connection.execute(table.update().where(table.c.id == 2).values(s="y")).rowcount, 1)
    inspected = sqlalchemy.inspect(engine)
    equal([column["name"] for column in inspected.get_columns("alchemy", schema="py")], ["id", "s", "d"])
    meta.drop_all(engine)


@case
def ibis_compiles_and_lists():
    import ibis

    connection = ibis.bigquery.connect(
        project_id=PROJECT, dataset_id="py", client=CLIENT, credentials=AnonymousCredentials()
    )
    assert "json" in connection.list_tables()
    table = connection.table("json")
    equal(dict(table.schema()), dict(ibis.schema({"a": "int64", "b": "string"})))
    equal(rows(ibis.to_sql(table.filter(table.a > 0).count(), dialect="bigquery")), [(1,)])
    connection.create_table("ibis", table.select("a"), overwrite=True)
    equal(rows("SELECT a FROM py.ibis"), [(1,)])


def main():
    assert os.environ["BIGQUERY_EMULATOR_HOST"].startswith("http://127.0.0.1:")
    CLIENT.create_dataset("py")
    failed = 0
    for test in CASES:
        try:
            test()
        except Exception as error:  # noqa: BLE001: the next client has its turn
            failed += 1
            print(f"{test.__name__}: {type(error).__name__}: {str(error)[:600]}")
    print(f"{len(CASES) - failed} of {len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
