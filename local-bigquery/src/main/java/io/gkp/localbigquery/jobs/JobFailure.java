package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.JobStatus;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;

/** A job did not succeed; the first error becomes its {@code errorResult}. */
public final class JobFailure extends RuntimeException {
  private final transient List<ErrorProto> errors;

  public JobFailure(List<ErrorProto> errors) {
    super(errors.get(0).getMessage());
    this.errors = List.copyOf(errors);
  }

  public static JobFailure of(ApiException e) {
    return new JobFailure(List.of(error(e.reason(), e.getMessage(), e.location().orElse(null))));
  }

  public static ErrorProto error(String reason, String message, String location) {
    return new ErrorProto().setReason(reason).setMessage(message).setLocation(location);
  }

  public JobStatus status() {
    return new JobStatus().setState("DONE").setErrorResult(errors.get(0)).setErrors(errors);
  }
}
