variable "create" { default = true }
variable "create_policy" { default = true }
variable "name" { default = null }
variable "policy" { default = null }

resource "aws_iam_policy" "policy" {
  count = var.create && var.create_policy ? 1 : 0

  name   = var.name
  policy = var.policy
}

output "arn" { value = aws_iam_policy.policy[0].arn }
output "id" { value = aws_iam_policy.policy[0].arn }
output "name" { value = aws_iam_policy.policy[0].name }
output "policy" { value = var.policy }
