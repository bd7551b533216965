const AWS = require("aws-sdk");

const s3 = new AWS.S3();

exports.handler = async (event) => {
  for (const record of event.Records) {
    const receipt = JSON.parse(record.body);
    s3.putObject({
      Bucket: process.env.RECEIPTS_BUCKET,
      Key: `receipts/${receipt.id}.json`,
      Body: record.body,
    }).promise();
  }
};
