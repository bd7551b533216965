variable "create" { default = true }
variable "create_routes_and_integrations" { default = true }
variable "name" { default = null }
variable "protocol_type" { default = "HTTP" }
variable "body" { default = null }
variable "routes" { default = {} }
variable "integrations" { default = {} }
variable "authorizers" { default = {} }

locals {
  integrations = merge(
    { for key, route in var.routes : key => try(route.integration, {}) },
    var.integrations,
  )
}

resource "aws_apigatewayv2_api" "this" {
  count = var.create ? 1 : 0

  name          = var.name
  protocol_type = var.protocol_type
  body          = var.body
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.create && var.create_routes_and_integrations ? local.integrations : {}

  api_id    = aws_apigatewayv2_api.this[0].id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = var.create && var.create_routes_and_integrations ? local.integrations : {}

  api_id               = aws_apigatewayv2_api.this[0].id
  integration_type     = try(each.value.type, each.value.integration_type, null)
  integration_subtype  = try(each.value.subtype, each.value.integration_subtype, null)
  integration_uri      = try(each.value.uri, each.value.lambda_arn, each.value.integration_uri, null)
  request_parameters   = try(each.value.request_parameters, null)
  timeout_milliseconds = try(each.value.timeout_milliseconds, null)
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each = var.create ? var.authorizers : {}

  api_id         = aws_apigatewayv2_api.this[0].id
  authorizer_uri = try(each.value.authorizer_uri, null)
}

output "api_id" { value = aws_apigatewayv2_api.this[0].id }
output "api_arn" { value = aws_apigatewayv2_api.this[0].arn }
output "api_endpoint" { value = aws_apigatewayv2_api.this[0].api_endpoint }
output "api_execution_arn" { value = aws_apigatewayv2_api.this[0].execution_arn }
output "apigatewayv2_api_id" { value = aws_apigatewayv2_api.this[0].id }
output "apigatewayv2_api_arn" { value = aws_apigatewayv2_api.this[0].arn }
output "apigatewayv2_api_api_endpoint" { value = aws_apigatewayv2_api.this[0].api_endpoint }
output "apigatewayv2_api_execution_arn" { value = aws_apigatewayv2_api.this[0].execution_arn }
