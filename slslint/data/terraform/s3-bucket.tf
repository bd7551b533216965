variable "create_bucket" { default = true }
variable "bucket" { default = null }

resource "aws_s3_bucket" "this" {
  count  = var.create_bucket ? 1 : 0
  bucket = var.bucket
}

output "s3_bucket_arn" { value = aws_s3_bucket.this[0].arn }
output "s3_bucket_id" { value = aws_s3_bucket.this[0].id }
