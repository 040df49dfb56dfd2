terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.38" # version 6 has no iap_enabled
    }
  }
}
