@kubectl-rollouts_group.exe __complete %*
