variable "create" { default = true }
variable "create_bus" { default = true }
variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "create_schedules" { default = true }
variable "create_pipes" { default = true }
variable "bus_name" { default = "default" }
variable "rules" { default = {} }
variable "targets" { default = {} }
variable "schedules" { default = {} }
variable "pipes" { default = {} }
variable "append_rule_postfix" { default = true }
variable "append_schedule_postfix" { default = true }
variable "append_pipe_postfix" { default = true }

locals {
  targets = flatten([
    for rule, targets in var.targets : [
      for target in targets : { rule = rule, target = target }
    ]
  ])
  bus = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
}

resource "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = var.create && var.create_rules ? var.rules : {}

  name                = var.append_rule_postfix ? "${replace(each.key, "_", "-")}-rule" : each.key
  event_bus_name      = local.bus
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.enabled ? "ENABLED" : "DISABLED", each.value.state, null)
}

resource "aws_cloudwatch_event_target" "this" {
  count = var.create && var.create_targets ? length(local.targets) : 0

  rule              = aws_cloudwatch_event_rule.this[local.targets[count.index].rule].name
  arn               = try(local.targets[count.index].target.arn, null)
  target_id         = try(local.targets[count.index].target.target_id, null)
  input             = try(local.targets[count.index].target.input, null)
  input_path        = try(local.targets[count.index].target.input_path, null)
  input_transformer = try(local.targets[count.index].target.input_transformer, null)
  retry_policy      = try(local.targets[count.index].target.retry_policy, null)
  sqs_target        = try({ message_group_id = local.targets[count.index].target.message_group_id }, null)

  dead_letter_config {
    arn = try(local.targets[count.index].target.dead_letter_arn, null)
  }
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.create && var.create_schedules ? var.schedules : {}

  name                = var.append_schedule_postfix ? "${replace(each.key, "_", "-")}-schedule" : each.key
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.state ? "ENABLED" : "DISABLED", null)

  target {
    arn          = try(each.value.arn, null)
    input        = try(each.value.input, null)
    retry_policy = try(each.value.retry_policy, null)

    dead_letter_config {
      arn = try(each.value.dead_letter_arn, null)
    }
  }
}

resource "aws_pipes_pipe" "this" {
  for_each = var.create && var.create_pipes ? var.pipes : {}

  name                  = var.append_pipe_postfix ? "${replace(each.key, "_", "-")}-pipe" : each.key
  source                = try(each.value.source, null)
  target                = try(each.value.target, null)
  enrichment            = try(each.value.enrichment, null)
  desired_state         = try(each.value.desired_state, null)
  enrichment_parameters = try(each.value.enrichment_parameters, null)
  target_parameters     = try(each.value.target_parameters, null)
  source_parameters = try(merge(each.value.source_parameters, {
    filter_criteria = { filter = try(each.value.source_parameters.filter_criteria, []) }
  }), null)
}

output "eventbridge_bus_arn" { value = aws_cloudwatch_event_bus.this[0].arn }
output "eventbridge_bus_name" { value = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name }
output "eventbridge_rule_arns" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn } }
output "eventbridge_rule_ids" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.id } }
output "eventbridge_schedule_arns" { value = { for name, each in aws_scheduler_schedule.this : name => each.arn } }
