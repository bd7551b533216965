variable "create" { default = true }
variable "create_queue" { default = true }
variable "name" { default = null }
variable "visibility_timeout_seconds" { default = null }
variable "redrive_policy" { default = {} }
variable "redrive_allow_policy" { default = {} }
variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "fifo_queue" { default = false }
variable "use_name_prefix" { default = false }
variable "dlq_visibility_timeout_seconds" { default = null }

locals {
  name = try(trimsuffix(var.name, ".fifo"), null)
  dlq  = try(trimsuffix(var.dlq_name, ".fifo"), "${local.name}-dlq", null)
}

resource "aws_sqs_queue" "this" {
  count = var.create && var.create_queue ? 1 : 0

  name                       = var.use_name_prefix ? null : (var.fifo_queue ? "${local.name}.fifo" : local.name)
  visibility_timeout_seconds = var.visibility_timeout_seconds
  redrive_allow_policy       = length(var.redrive_allow_policy) == 0 ? null : try(jsonencode(merge(var.redrive_allow_policy, {})), var.redrive_allow_policy)
  redrive_policy = var.create_dlq ? jsonencode(merge({
    deadLetterTargetArn = aws_sqs_queue.dlq[0].arn
    maxReceiveCount     = 5
  }, var.redrive_policy)) : (var.redrive_policy == "" ? null : try(jsonencode(merge(var.redrive_policy, {})), var.redrive_policy))
}

resource "aws_sqs_queue" "dlq" {
  count = var.create && var.create_dlq ? 1 : 0

  name                       = var.use_name_prefix ? null : (var.fifo_queue ? "${local.dlq}.fifo" : local.dlq)
  visibility_timeout_seconds = try(coalesce(var.dlq_visibility_timeout_seconds, var.visibility_timeout_seconds), null)
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
  })
}

output "queue_arn" { value = aws_sqs_queue.this[0].arn }
output "queue_arn_static" { value = aws_sqs_queue.this[0].arn }
output "queue_id" { value = aws_sqs_queue.this[0].url }
output "queue_name" { value = aws_sqs_queue.this[0].name }
output "queue_url" { value = aws_sqs_queue.this[0].url }
output "dead_letter_queue_arn" { value = aws_sqs_queue.dlq[0].arn }
output "dead_letter_queue_arn_static" { value = aws_sqs_queue.dlq[0].arn }
output "dead_letter_queue_id" { value = aws_sqs_queue.dlq[0].url }
output "dead_letter_queue_name" { value = aws_sqs_queue.dlq[0].name }
output "dead_letter_queue_url" { value = aws_sqs_queue.dlq[0].url }
output "sqs_queue_arn" { value = aws_sqs_queue.this[0].arn }
output "sqs_queue_id" { value = aws_sqs_queue.this[0].url }
output "sqs_queue_name" { value = aws_sqs_queue.this[0].name }
output "this_sqs_queue_arn" { value = aws_sqs_queue.this[0].arn }
output "this_sqs_queue_id" { value = aws_sqs_queue.this[0].url }
