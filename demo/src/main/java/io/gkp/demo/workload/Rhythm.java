package io.gkp.demo.workload;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** When people work: mostly on weekdays, from morning to evening, with a dip at noon. */
public final class Rhythm {
  private static final double WEEKEND = 0.18;
  private static final int[] HOURS = {
    1, 1, 0, 0, 1, 2, 6, 14, 30, 42, 45, 38, 22, 30, 42, 40, 33, 20, 10, 6, 5, 4, 3, 2
  };

  private Rhythm() {}

  /** The day's share of a usual working day. */
  static double activity(LocalDate day) {
    return isWeekend(day) ? WEEKEND : 1;
  }

  static boolean isWeekend(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  public static LocalDate workingDayBefore(LocalDate day) {
    LocalDate before = day.minusDays(1);
    return isWeekend(before) ? workingDayBefore(before) : before;
  }

  /** Epoch seconds of a moment of the day at which somebody is at work. */
  static long moment(LocalDate day, Chance chance) {
    return at(day, chance.weighted(HOURS), 0) + chance.between(0, 3599);
  }

  /** Epoch seconds of a time of the day in UTC. */
  static long at(LocalDate day, int hour, int minute) {
    return day.atTime(hour, minute).toEpochSecond(ZoneOffset.UTC);
  }
}
