resource "google_bigquery_dataset" "export" {
  project     = var.project
  dataset_id  = var.dataset
  location    = var.location
  description = "Postgres tables, every change of them, and the models over them."

  # The export refuses a dataset whose defaults would let its tables expire, or compare text otherwise.
  default_table_expiration_ms     = null
  default_partition_expiration_ms = null
  is_case_insensitive             = false
  delete_contents_on_destroy      = false

  depends_on = [google_project_service.api]
}

# The export's account: it writes to this dataset and to no other.
resource "google_bigquery_dataset_iam_member" "export" {
  project    = var.project
  dataset_id = google_bigquery_dataset.export.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.export.member
}

resource "google_project_iam_member" "export_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.export.member
}
