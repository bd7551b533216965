variable "create_table" { default = true }
variable "name" { default = null }
variable "stream_view_type" { default = null }

resource "aws_dynamodb_table" "this" {
  count            = var.create_table ? 1 : 0
  name             = var.name
  stream_view_type = var.stream_view_type
}

output "dynamodb_table_arn" { value = aws_dynamodb_table.this[0].arn }
output "dynamodb_table_id" { value = aws_dynamodb_table.this[0].name }
output "dynamodb_table_stream_arn" { value = aws_dynamodb_table.this[0].stream_arn }
