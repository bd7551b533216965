variable "create" { default = true }
variable "create_role" { default = true }
variable "name" { default = null }
variable "role_name" { default = null }
variable "policies" { default = {} }
variable "custom_role_policy_arns" { default = [] }
variable "permissions_boundary" { default = null }
variable "role_permissions_boundary_arn" { default = null }

resource "aws_iam_role" "this" {
  count = var.create && var.create_role ? 1 : 0

  name                 = try(coalesce(var.name, var.role_name), null)
  permissions_boundary = try(coalesce(var.permissions_boundary, var.role_permissions_boundary_arn), null)
}

resource "aws_iam_role_policy_attachment" "named" {
  for_each = var.create && var.create_role ? var.policies : {}

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "custom" {
  count = var.create && var.create_role ? length(var.custom_role_policy_arns) : 0

  role       = aws_iam_role.this[0].name
  policy_arn = var.custom_role_policy_arns[count.index]
}

output "arn" { value = aws_iam_role.this[0].arn }
output "name" { value = aws_iam_role.this[0].name }
output "iam_role_arn" { value = aws_iam_role.this[0].arn }
output "iam_role_name" { value = aws_iam_role.this[0].name }
