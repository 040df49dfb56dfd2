locals {
  # The policies are the files of docs/operate/alerts.md, so there is one place that says when somebody is told.
  alerts   = "${path.module}/../../docs/operate/alerts"
  policies = { for name in ["page", "ticket", "absence"] : name => jsondecode(file("${local.alerts}/${name}.json")) }
  metrics  = { for name in ["drained", "failed"] : name => yamldecode(file("${local.alerts}/${name}.yaml")) }
}

resource "google_logging_metric" "export" {
  for_each    = local.metrics
  project     = var.project
  name        = "gkp_export_${each.key}"
  description = each.value.description
  filter      = each.value.filter

  metric_descriptor {
    metric_kind = each.value.metricDescriptor.metricKind
    value_type  = each.value.metricDescriptor.valueType

    dynamic "labels" {
      for_each = each.value.metricDescriptor.labels
      content {
        key         = labels.value.key
        value_type  = labels.value.valueType
        description = labels.value.description
      }
    }
  }

  label_extractors = each.value.labelExtractors

  depends_on = [google_project_service.api]
}

resource "google_monitoring_alert_policy" "export" {
  for_each              = local.policies
  project               = var.project
  display_name          = each.value.displayName
  combiner              = each.value.combiner
  severity              = each.value.severity
  notification_channels = var.notification_channels

  documentation {
    content   = each.value.documentation.content
    mime_type = each.value.documentation.mimeType
  }

  dynamic "conditions" {
    for_each = [for condition in each.value.conditions : condition if can(condition.conditionMatchedLog)]
    content {
      display_name = conditions.value.displayName
      condition_matched_log {
        filter           = conditions.value.conditionMatchedLog.filter
        label_extractors = conditions.value.conditionMatchedLog.labelExtractors
      }
    }
  }

  dynamic "conditions" {
    for_each = [for condition in each.value.conditions : condition if can(condition.conditionAbsent)]
    content {
      display_name = conditions.value.displayName
      condition_absent {
        filter   = conditions.value.conditionAbsent.filter
        duration = conditions.value.conditionAbsent.duration

        dynamic "aggregations" {
          for_each = conditions.value.conditionAbsent.aggregations
          content {
            alignment_period     = aggregations.value.alignmentPeriod
            per_series_aligner   = aggregations.value.perSeriesAligner
            cross_series_reducer = aggregations.value.crossSeriesReducer
            group_by_fields      = aggregations.value.groupByFields
          }
        }
      }
    }
  }

  alert_strategy {
    auto_close = each.value.alertStrategy.autoClose

    dynamic "notification_rate_limit" {
      for_each = can(each.value.alertStrategy.notificationRateLimit) ? [each.value.alertStrategy.notificationRateLimit] : []
      content {
        period = notification_rate_limit.value.period
      }
    }
  }

  depends_on = [google_logging_metric.export]
}
