package io.gkp.connector.debezium;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Objects between Debezium and the driver: they see each call, and decide what comes of it. */
final class Interposed {
  private Interposed() {}

  /** What becomes of a call. */
  @FunctionalInterface
  interface Handler {
    /**
     * @param arguments null where the method has none
     * @param original passes the call on to the object behind
     */
    @Nullable Object handle(Method method, Object[] arguments, Original original) throws Throwable;
  }

  /** The same call of the object behind. */
  @FunctionalInterface
  interface Original {
    Object call(Object[] arguments) throws Throwable;
  }

  static <T> T before(Class<T> type, @Nullable Object original, Handler handler) {
    Object proxy =
        Proxy.newProxyInstance(
            Interposed.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                handler.handle(method, arguments, passed -> call(method, original, passed)));
    return type.cast(proxy);
  }

  private static Object call(Method method, @Nullable Object original, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(original, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
