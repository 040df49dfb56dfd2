variable "project" {
  description = "Google Cloud project that holds everything."
  type        = string
}

variable "region" {
  description = "Region of the job, its image, its schedule and its secrets, such as europe-west1."
  type        = string
}

variable "location" {
  description = "Location of the dataset, such as EU."
  type        = string
}

variable "dataset" {
  description = "The one dataset that the export writes to. No other exporter may write to it."
  type        = string
  default     = "gkp"
}

variable "image" {
  description = "Image of the export, by digest: europe-west1-docker.pkg.dev/my-project/gkp/bigquery-export@sha256:... The job is created only once there is one."
  type        = string
  default     = null
}

variable "database_url" {
  description = "Connection string without a password, such as postgresql://gkp_exporter@10.0.0.3:5432/gkp?sslmode=verify-ca&sslrootcert=/secrets/server-ca/server-ca.pem"
  type        = string
}

variable "settings" {
  description = "Other settings of the export by their variable, such as GKP_TABLES; docs/reference/configuration.md has all of them."
  type        = map(string)
  default     = {}
}

variable "network" {
  description = "VPC network in which the server has its address."
  type        = string
  default     = "default"
}

variable "subnetwork" {
  description = "Subnetwork of the job."
  type        = string
  default     = "default"
}

variable "memory" {
  description = "Memory of a run. docs/reference/limits.md says what a run needs."
  type        = string
  default     = "1Gi"
}

variable "shards" {
  description = "How many tasks a run has, each with a part of the tables; docs/set-up/shards.md says when that is worth it."
  type        = number
  default     = 1
}

variable "schedule" {
  description = "When runs start, as cron has it, in UTC."
  type        = string
  default     = "7 * * * *"
}

variable "paused" {
  description = "Stops the schedule. The slot keeps WAL on the server's disk meanwhile."
  type        = bool
  default     = false
}

variable "verify_schedule" {
  description = "When a sample of each table is compared with the source, as cron has it, in UTC."
  type        = string
  default     = "37 3 * * *"
}

variable "verify_sample" {
  description = "Share of each table that is compared, such as 1%."
  type        = string
  default     = "1%"
}

variable "notification_channels" {
  description = "Names of the channels that the alerts tell; without any they open incidents and tell nobody."
  type        = list(string)
  default     = []
}

variable "hash_salt" {
  description = "Whether columns are hashed: makes a secret for the salt, and gives it to the job."
  type        = bool
  default     = false
}

variable "serve_image" {
  description = "Image of the operators' page, by digest; null for none."
  type        = string
  default     = null
}

variable "serve_admins" {
  description = "Mail addresses that may start, stop, reset and backfill on the page."
  type        = list(string)
  default     = []
}

variable "serve_viewers" {
  description = "Mail addresses that may read the page."
  type        = list(string)
  default     = []
}
