locals {
  serve = var.serve_image == null || var.image == null ? {} : { gkp-admin = var.serve_image }
}

# The operators' page, behind Identity-Aware Proxy. Its runs are executions of the job.
resource "google_cloud_run_v2_service" "admin" {
  for_each            = local.serve
  project             = var.project
  location            = var.region
  name                = each.key
  ingress             = "INGRESS_TRAFFIC_ALL"
  iap_enabled         = true
  launch_stage        = "BETA"
  deletion_protection = false

  template {
    service_account = google_service_account.export.email

    scaling {
      min_instance_count = 0
      max_instance_count = 1
    }

    containers {
      image = each.value
      args  = ["serve", "--bind", "0.0.0.0", "--runner", "cloud-run:${google_cloud_run_v2_job.export["gkp-export"].id}"]

      resources {
        limits = { cpu = "1", memory = "512Mi" }
      }

      dynamic "env" {
        for_each = merge(local.environment, {
          GKP_SERVE_ENABLED      = "true"
          GKP_SERVE_ADMINS       = join(",", var.serve_admins)
          GKP_SERVE_VIEWERS      = join(",", var.serve_viewers)
          GKP_SERVE_IAP_AUDIENCE = "/projects/${data.google_project.this.number}/locations/${var.region}/services/${each.key}"
        })
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

      startup_probe {
        http_get {
          path = "/healthz"
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

  depends_on = [google_project_service.api]
}

# To start and to stop executions, with the arguments that a request asks for.
resource "google_cloud_run_v2_job_iam_member" "admin" {
  for_each = local.serve
  project  = var.project
  location = var.region
  name     = google_cloud_run_v2_job.export["gkp-export"].name
  role     = "roles/run.developer"
  member   = google_service_account.export.member
}

# The proxy calls the service, and nobody else does.
resource "google_cloud_run_v2_service_iam_member" "proxy" {
  for_each = google_cloud_run_v2_service.admin
  project  = var.project
  location = var.region
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_iap_web_cloud_run_service_iam_member" "people" {
  for_each               = length(local.serve) == 0 ? [] : toset(concat(var.serve_admins, var.serve_viewers))
  project                = var.project
  location               = var.region
  cloud_run_service_name = google_cloud_run_v2_service.admin["gkp-admin"].name
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = "user:${each.value}"
}
