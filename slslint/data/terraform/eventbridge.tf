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

locals {
  targets = flatten([
    for rule, targets in var.targets : [
      for target in targets : { rule = rule, target = target }
    ]
  ])
}

resource "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = var.create && var.create_rules ? var.rules : {}

  name                = each.key
  event_bus_name      = var.bus_name
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.enabled ? "ENABLED" : "DISABLED", each.value.state, null)
}

resource "aws_cloudwatch_event_target" "this" {
  count = var.create && var.create_targets ? length(local.targets) : 0

  rule = aws_cloudwatch_event_rule.this[local.targets[count.index].rule].name
  arn  = try(local.targets[count.index].target.arn, null)

  dead_letter_config {
    arn = try(local.targets[count.index].target.dead_letter_arn, null)
  }
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.create && var.create_schedules ? var.schedules : {}

  name                = each.key
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.state, null)

  target {
    arn   = try(each.value.arn, null)
    input = try(each.value.input, null)

    dead_letter_config {
      arn = try(each.value.dead_letter_arn, null)
    }
  }
}

resource "aws_pipes_pipe" "this" {
  for_each = var.create && var.create_pipes ? var.pipes : {}

  name          = each.key
  source        = try(each.value.source, null)
  target        = try(each.value.target, null)
  enrichment    = try(each.value.enrichment, null)
  desired_state = try(each.value.desired_state, null)
}

output "eventbridge_bus_arn" { value = aws_cloudwatch_event_bus.this[0].arn }
output "eventbridge_bus_name" { value = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name }
output "eventbridge_rule_arns" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn } }
output "eventbridge_rule_ids" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.id } }
output "eventbridge_schedule_arns" { value = { for name, each in aws_scheduler_schedule.this : name => each.arn } }
