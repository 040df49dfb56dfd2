locals {
  # Cloud Run jobs by name. The scheduler may start a job as it is, so each set of arguments is a job of its own.
  jobs = var.image == null ? {} : {
    gkp-export = { args = ["export-bigquery", "--refresh-models"], schedule = var.schedule }
    gkp-verify = { args = ["verify", "--sample", var.verify_sample], schedule = var.verify_schedule }
  }
}

resource "google_cloud_run_v2_job" "export" {
  for_each            = local.jobs
  project             = var.project
  location            = var.region
  name                = each.key
  deletion_protection = false

  template {
    task_count  = var.shards
    parallelism = var.shards

    template {
      service_account = google_service_account.export.email
      timeout         = "3600s" # longer than GKP_MAX_DURATION and the two minutes that a run may take to end
      max_retries     = 0       # the schedule is the retry

      containers {
        image = var.image
        args  = each.value.args

        resources {
          limits = { cpu = "1", memory = var.memory }
        }

        dynamic "env" {
          for_each = local.environment
          content {
            name  = env.key
            value = env.value
          }
        }

        dynamic "env" {
          for_each = local.secret_variables
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = google_secret_manager_secret.export[env.value].secret_id
                version = "latest"
              }
            }
          }
        }

        volume_mounts {
          name       = "server-ca"
          mount_path = "/secrets/server-ca"
        }
      }

      volumes {
        name = "server-ca"
        secret {
          secret = google_secret_manager_secret.export["server-ca"].secret_id
          items {
            version = "latest"
            path    = "server-ca.pem"
          }
        }
      }

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork
        }
      }
    }
  }

  depends_on = [
    google_bigquery_dataset_iam_member.export,
    google_project_iam_member.export_jobs,
    google_secret_manager_secret_iam_member.export,
  ]
}

# It may start a job as it was deployed: with no other command and no other setting.
resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  for_each = google_cloud_run_v2_job.export
  project  = var.project
  location = var.region
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "export" {
  for_each  = local.jobs
  project   = var.project
  region    = var.region
  name      = each.key
  schedule  = each.value.schedule
  time_zone = "Etc/UTC"
  paused    = var.paused

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs/${each.key}:run"

    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }

  depends_on = [google_cloud_run_v2_job_iam_member.scheduler, google_project_service.api]
}
