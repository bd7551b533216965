variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "create_lambda_function_url" { default = false }
variable "create_async_event_config" { default = false }
variable "function_name" { default = null }
variable "handler" { default = null }
variable "runtime" { default = null }
variable "timeout" { default = null }
variable "memory_size" { default = null }
variable "layers" { default = null }
variable "layer_name" { default = null }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "environment_variables" { default = null }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "dead_letter_target_arn" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "maximum_event_age_in_seconds" { default = null }
variable "snap_start" { default = false }
variable "tenant_isolation_mode" { default = false }
variable "recursive_loop" { default = null }
variable "managed_instances_capacity_provider_arn" { default = null }
variable "create_package" { default = true }
variable "ignore_source_code_hash" { default = false }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "authorization_type" { default = "NONE" }
variable "lambda_role" { default = null }
variable "role_name" { default = null }
variable "role_permissions_boundary" { default = null }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy_statements" { default = false }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy_statements" { default = {} }

resource "aws_lambda_function" "this" {
  count = var.create && var.create_function && !var.create_layer ? 1 : 0

  function_name                  = var.function_name
  handler                        = var.handler
  runtime                        = var.runtime
  timeout                        = var.timeout
  memory_size                    = var.memory_size
  layers                         = var.layers
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  reserved_concurrent_executions = var.reserved_concurrent_executions
  capacity_provider_config       = var.managed_instances_capacity_provider_arn

  filename    = var.local_existing_package
  s3_key      = try(var.s3_existing_package.key, null)
  source_path = var.create_package ? var.source_path : null

  ignore_source_code_hash = var.ignore_source_code_hash

  environment {
    variables = var.environment_variables
  }
  dead_letter_config {
    target_arn = var.dead_letter_target_arn
  }
  snap_start {
    apply_on = var.snap_start ? "PublishedVersions" : "None"
  }
  tenancy_config {
    tenant_isolation_mode = var.tenant_isolation_mode ? "PER_TENANT" : null
  }
}

resource "aws_lambda_function_recursion_config" "this" {
  count = var.create && var.create_function && !var.create_layer && var.recursive_loop != null ? 1 : 0

  function_name  = aws_lambda_function.this[0].function_name
  recursive_loop = var.recursive_loop
}

resource "aws_lambda_layer_version" "this" {
  count = var.create && var.create_layer ? 1 : 0

  layer_name  = var.layer_name
  filename    = var.local_existing_package
  s3_key      = try(var.s3_existing_package.key, null)
  source_path = var.create_package ? var.source_path : null
}

resource "aws_lambda_provisioned_concurrency_config" "current_version" {
  count = var.create && var.create_function && !var.create_layer && var.provisioned_concurrent_executions != -1 ? 1 : 0

  function_name                     = aws_lambda_function.this[0].function_name
  provisioned_concurrent_executions = var.provisioned_concurrent_executions
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.create && var.create_function && !var.create_layer && var.create_async_event_config ? 1 : 0

  function_name                = aws_lambda_function.this[0].function_name
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds
  maximum_retry_attempts       = var.maximum_retry_attempts

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
  for_each = var.create && var.create_function && !var.create_layer ? var.allowed_triggers : {}

  function_name = aws_lambda_function.this[0].function_name
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com")
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = var.create && var.create_function && !var.create_layer ? var.event_source_mapping : {}

  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  enabled                            = try(each.value.enabled, null)
  function_response_types            = try(each.value.function_response_types, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  queues                             = try(each.value.queues, null)
  self_managed_event_source          = try(each.value.self_managed_event_source, null)
  starting_position                  = try(each.value.starting_position, null)
  topics                             = try(each.value.topics, null)

  destination_config {
    on_failure {
      destination_arn = try(each.value.destination_arn_on_failure, null)
    }
  }
  scaling_config {
    maximum_concurrency = try(each.value.scaling_config.maximum_concurrency, null)
  }
  filter_criteria {
    filter = try(flatten([each.value.filter_criteria]), [])
  }
}

resource "aws_lambda_function_url" "this" {
  count = var.create && var.create_function && !var.create_layer && var.create_lambda_function_url ? 1 : 0

  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

resource "aws_iam_role" "lambda" {
  count = var.create && var.create_function && !var.create_layer && var.create_role ? 1 : 0

  name                 = coalesce(var.role_name, var.function_name)
  permissions_boundary = var.role_permissions_boundary
}

data "aws_iam_policy_document" "statements" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, statement.key)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      condition     = try(statement.value.condition, null)
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  count = var.create && var.create_function && !var.create_layer && var.create_role && var.attach_policy_statements ? 1 : 0

  name   = "policy_statements"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.statements.json
}

resource "aws_iam_role_policy" "json" {
  count = var.create && var.create_function && !var.create_layer && var.create_role && var.attach_policy_json ? 1 : 0

  name   = "policy_json"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  count = var.create && var.create_function && !var.create_layer && var.create_role && var.attach_policy_jsons ? length(var.policy_jsons) : 0

  name   = "policy_jsons"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "one" {
  count = var.create && var.create_function && !var.create_layer && var.create_role && var.attach_policy ? 1 : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  count = var.create && var.create_function && !var.create_layer && var.create_role && var.attach_policies ? length(var.policies) : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

output "lambda_function_arn" { value = aws_lambda_function.this[0].arn }
output "lambda_function_arn_static" { value = aws_lambda_function.this[0].arn }
output "lambda_function_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "lambda_function_name" { value = aws_lambda_function.this[0].function_name }
output "lambda_function_qualified_arn" { value = aws_lambda_function.this[0].qualified_arn }
output "lambda_function_qualified_invoke_arn" { value = aws_lambda_function.this[0].qualified_invoke_arn }
output "lambda_function_version" { value = aws_lambda_function.this[0].version }
output "lambda_function_url" { value = aws_lambda_function_url.this[0].function_url }
output "lambda_layer_arn" { value = aws_lambda_layer_version.this[0].arn }
output "lambda_role_arn" { value = aws_iam_role.lambda[0].arn }
output "lambda_role_name" { value = aws_iam_role.lambda[0].name }
output "lambda_cloudwatch_log_group_name" { value = "/aws/lambda/${var.function_name}" }
output "this_lambda_function_arn" { value = aws_lambda_function.this[0].arn }
output "this_lambda_function_name" { value = aws_lambda_function.this[0].function_name }
output "this_lambda_function_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
