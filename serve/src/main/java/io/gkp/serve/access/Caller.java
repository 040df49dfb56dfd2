package io.gkp.serve.access;

import io.javalin.http.Context;

/**
 * Who makes a request.
 *
 * @param name for records: an e-mail address, or which token it was
 */
public record Caller(String name, Role role) {
  private static final String ATTRIBUTE = Caller.class.getName();

  /** The caller that {@link Access} has let through. */
  public static Caller of(Context context) {
    return context.attribute(ATTRIBUTE);
  }

  void attach(Context context) {
    context.attribute(ATTRIBUTE, this);
  }

  public boolean mayChange() {
    return role == Role.ADMIN;
  }

  /** Name and place, for the ledger. */
  public static String recorded(Context context) {
    return of(context).name() + " from " + context.ip();
  }
}
