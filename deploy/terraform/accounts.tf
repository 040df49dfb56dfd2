resource "google_service_account" "export" {
  project      = var.project
  account_id   = "gkp-export"
  display_name = "Export of Postgres to BigQuery"
}

resource "google_service_account" "scheduler" {
  project      = var.project
  account_id   = "gkp-scheduler"
  display_name = "Starts the export's jobs, and does nothing else"
}
