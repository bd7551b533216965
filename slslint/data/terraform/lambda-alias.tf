variable "create" { default = true }
variable "name" { default = null }
variable "function_name" { default = null }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "create_async_event_config" { default = false }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

resource "aws_lambda_alias" "this" {
  name          = var.name
  function_name = var.function_name
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.create && var.create_async_event_config ? 1 : 0

  function_name = var.function_name

  destination_config {
    on_failure {
      destination = var.destination_on_failure
    }
    on_success {
      destination = var.destination_on_success
    }
  }
}

resource "aws_lambda_permission" "triggers" {
  for_each = var.allowed_triggers

  function_name = var.function_name
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com")
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = var.event_source_mapping

  function_name                      = var.function_name
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  enabled                            = try(each.value.enabled, null)
  function_response_types            = try(each.value.function_response_types, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  starting_position                  = try(each.value.starting_position, null)

  destination_config {
    on_failure {
      destination_arn = try(each.value.destination_arn_on_failure, null)
    }
  }
}

output "lambda_alias_arn" { value = aws_lambda_alias.this.arn }
output "lambda_alias_invoke_arn" { value = aws_lambda_alias.this.invoke_arn }
output "lambda_alias_name" { value = aws_lambda_alias.this.name }
