output "registry" {
  description = "Where the images are pushed to."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "service_account" {
  description = "The export's account."
  value       = google_service_account.export.email
}

output "secrets" {
  description = "Secrets that need a version before the first run."
  value       = [for secret in google_secret_manager_secret.export : secret.secret_id]
}

output "page" {
  description = "Address of the operators' page; null without one."
  value       = one([for service in google_cloud_run_v2_service.admin : service.uri])
}
