locals {
  apis = [
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "cloudscheduler.googleapis.com",
    "iap.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
  ]

  # What every command of the export is configured with.
  environment = merge({
    GKP_EXPORT_ENABLED = "true"
    GKP_PROJECT        = var.project
    GKP_DATASET        = var.dataset
    GKP_LOCATION       = var.location
    DATABASE_URL       = var.database_url
  }, var.settings)

  # Variables that come from secrets, by the secret's key.
  secret_variables = merge(
    { PGPASSWORD = "password" },
    var.hash_salt ? { GKP_HASH_SALT = "hash-salt" } : {},
  )
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "api" {
  for_each           = toset(local.apis)
  project            = var.project
  service            = each.value
  disable_on_destroy = false
}
