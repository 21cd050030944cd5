"""What an administrator may do in the administration; never a model with data of residents."""

ADMINISTERED_MODELS: dict[str, set[str]] = {
    "accounts.agency": {"view", "change"},
    "accounts.user": {"view", "add", "change"},
    "accounts.roleassignment": {"view", "add"},
    "accounts.signinthrottle": {"view"},
    "notifications.channelpolicy": {"view", "add", "change"},
    "notifications.whatsappgateway": {"view", "add", "change"},
    "notifications.whatsapptemplate": {"view", "add", "change", "delete"},
    "regions.region": {"view"},
    "regions.regionalias": {"view", "add", "change", "delete"},
    "budgets.bank": {"view"},
    "budgets.fundsource": {"view", "add", "change"},
    "budgets.taxrule": {"view"},
    "programs.program": {"view", "add", "change"},
    "programs.eligibilityrule": {"view", "add", "change", "delete"},
    "programs.topic": {"view", "add", "change"},
    "programs.batch": {"view"},
}
