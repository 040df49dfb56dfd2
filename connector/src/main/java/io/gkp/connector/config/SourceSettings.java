package io.gkp.connector.config;

import io.gkp.name.ColumnName;
import io.gkp.name.QuotedText;
import io.gkp.name.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is read of the source, and which of its columns are protected, out of the settings. */
final class SourceSettings {
  private final Settings settings;

  SourceSettings(Settings settings) {
    this.settings = settings;
  }

  /** Null where there is a problem. */
  @Nullable SourceConfig read() {
    List<TableName> tables =
        settings.get(
            Setting.TABLES,
            text -> QuotedText.list(text).stream().map(TableName::parse).toList(),
            SourceConfig.DEFAULT_TABLES);
    ProtectionConfig protection = protection();
    String slot = settings.get(Setting.SLOT, SourceConfig::checkSlot, SourceConfig.DEFAULT_SLOT);
    String publication =
        settings.get(
            Setting.PUBLICATION, SourceConfig::checkPublication, SourceConfig.DEFAULT_PUBLICATION);
    String url = settings.required(Setting.SOURCE_URL);
    if (SourceAddress.holdsSecret(settings.flag(Setting.SOURCE_URL))) {
      settings.warn(
          "The password inside --source-url can be read by other processes of this machine."
              + " Set DATABASE_URL or PGPASSWORD instead.");
    }
    if (url == null
        || slot == null
        || publication == null
        || tables == null
        || protection == null) {
      return null;
    }
    return settings.attempt(
        "",
        () ->
            SourceConfig.parse(
                    url, settings.text(Setting.SOURCE_PASSWORD), slot, publication, tables)
                .withProtection(protection)
                .withBackfillRole(settings.text(Setting.BACKFILL_ROLE)));
  }

  private @Nullable ProtectionConfig protection() {
    Set<ColumnName> excluded = columns(Setting.EXCLUDE_COLUMNS);
    Set<ColumnName> hashed = columns(Setting.HASH_COLUMNS);
    int before = settings.problems();
    HashSalt salt = hashed == null || hashed.isEmpty() ? null : salt();
    NewColumns newColumns = settings.get(Setting.NEW_COLUMNS, NewColumns::parse, NewColumns.EXPORT);
    return excluded == null || hashed == null || newColumns == null || settings.problems() > before
        ? null
        : settings.attempt("", () -> new ProtectionConfig(excluded, hashed, salt, newColumns));
  }

  private @Nullable Set<ColumnName> columns(Setting setting) {
    return settings.get(
        setting,
        text ->
            QuotedText.list(text).stream()
                .map(ColumnName::parse)
                .collect(Collectors.toCollection(LinkedHashSet::new)),
        Set.of());
  }

  /** Null where there is none, or a problem. */
  private @Nullable HashSalt salt() {
    String path = settings.text(Setting.HASH_SALT_FILE);
    if (path == null) {
      String text = settings.text(Setting.HASH_SALT);
      return text == null
          ? null
          : settings.attempt(Setting.HASH_SALT.variable() + ": ", () -> HashSalt.of(text));
    }
    if (settings.text(Setting.HASH_SALT) != null) {
      settings.refuse(
          Setting.HASH_SALT.variable() + " and --hash-salt-file both give a salt; set one of them");
      return null;
    }
    SecretFile secret = new SecretFile(Path.of(path));
    secret.warning().ifPresent(settings::warn);
    try {
      String text = secret.read();
      return settings.attempt("--hash-salt-file: ", () -> HashSalt.of(text));
    } catch (IOException e) {
      settings.refuse(
          "--hash-salt-file: cannot read %s (%s)"
              .formatted(Shown.path(Path.of(path)), e.getClass().getSimpleName()));
      return null;
    }
  }
}
