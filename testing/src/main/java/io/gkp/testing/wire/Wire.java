package io.gkp.testing.wire;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The network between runs and the local BigQuery; disturbs it as scripted. */
public final class Wire extends Filter {
  private final Map<String, String> uploads = new ConcurrentHashMap<>();
  private final List<Script> scripts = new CopyOnWriteArrayList<>();
  private final List<Consumer<Call>> observers = new CopyOnWriteArrayList<>();

  /** A fault that waits for its requests. */
  public static final class Script {
    private final Predicate<Call> when;
    private final Fault fault;
    private final AtomicInteger left;
    private final AtomicInteger hits = new AtomicInteger();

    private Script(Predicate<Call> when, int times, Fault fault) {
      this.when = when;
      this.fault = fault;
      this.left = new AtomicInteger(times);
    }

    /** How often it has struck. */
    public int hits() {
      return hits.get();
    }

    private boolean strikes(Call call) {
      if (!when.test(call) || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
        return false;
      }
      hits.incrementAndGet();
      return true;
    }
  }

  /** Strikes the next requests of this kind; the script that was added first goes first. */
  public Script on(Predicate<Call> when, int times, Fault fault) {
    Script script = new Script(when, times, fault);
    scripts.add(script);
    return script;
  }

  public Script once(Predicate<Call> when, Fault fault) {
    return on(when, 1, fault);
  }

  public Script always(Predicate<Call> when, Fault fault) {
    return on(when, Integer.MAX_VALUE, fault);
  }

  /**
   * From this request on nothing gets through: to the warehouse it is as if the run had died there.
   *
   * @param effect whether this one request still has its effect
   */
  public Script cutOffAt(Predicate<Call> when, boolean effect) {
    return once(
        when,
        (call, chain) -> {
          always(any -> true, Fault.refuse(401, "authError"));
          (effect ? Fault.refuseAfterwards(401, "authError") : Fault.refuse(401, "authError"))
              .apply(call, chain);
        });
  }

  /** Sees each request before it strikes or is served. */
  public void observe(Consumer<Call> observer) {
    observers.add(observer);
  }

  /** Forgets all scripts and observers. */
  public void calm() {
    scripts.clear();
    observers.clear();
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Call call = Call.of(exchange, uploads);
    Chain server =
        call.is(Call.Kind.OPEN_UPLOAD)
            ? new Chain(List.of(), target -> open(call, chain, target))
            : chain;
    observers.forEach(observer -> observer.accept(call));
    for (Script script : scripts) {
      if (script.strikes(call)) {
        script.fault.apply(call, server);
        return;
      }
    }
    server.doFilter(exchange);
  }

  /** The upload must be known before the client can use it. */
  private void open(Call call, Chain chain, HttpExchange target) throws IOException {
    Answer answer = new Answer(target);
    chain.doFilter(answer);
    String upload = target.getResponseHeaders().getFirst("X-GUploader-UploadID");
    if (upload != null) {
      uploads.put(upload, call.id());
    }
    answer.send(answer.body());
  }

  @Override
  public String description() {
    return "scripted faults";
  }
}
