"""Files an uploaded invoice under its year."""

from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        year = record["eventTime"][:4]
        s3.copy_object(
            Bucket=bucket,
            Key=key.replace("incoming/", f"filed/{year}/", 1),
            CopySource={"Bucket": bucket, "Key": key},
        )
