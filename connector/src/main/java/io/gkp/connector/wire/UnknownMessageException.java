package io.gkp.connector.wire;

/** The stream brought something that is not part of the protocol as it was asked for. */
public final class UnknownMessageException extends RuntimeException {
  UnknownMessageException(String what) {
    super(what);
  }
}
