const { PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");

const s3 = new S3Client({});

exports.handler = async (event) => {
  for (const record of event.Records) {
    const receipt = JSON.parse(record.body);
    await s3.send(
      new PutObjectCommand({
        Bucket: process.env.RECEIPTS_BUCKET,
        Key: `receipts/${receipt.id}.json`,
        Body: record.body,
      }),
    );
  }
};
