# The secrets, without their values: a value in here would stand in Terraform's state.
# docs/set-up/cloud-run.md adds a version to each.
resource "google_secret_manager_secret" "export" {
  for_each  = toset(concat(["server-ca"], values(local.secret_variables)))
  project   = var.project
  secret_id = "gkp-export-${each.key}"

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_iam_member" "export" {
  for_each  = google_secret_manager_secret.export
  project   = var.project
  secret_id = each.value.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.export.member
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project
  location      = var.region
  repository_id = "gkp"
  format        = "DOCKER"
  description   = "Images of the export and of its page."

  depends_on = [google_project_service.api]
}
