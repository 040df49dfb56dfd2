package io.gkp.connector.property;

import io.gkp.connector.property.ExportAction.Backfill;
import io.gkp.connector.property.ExportAction.Batches;
import io.gkp.connector.property.ExportAction.Ending;
import io.gkp.connector.property.ExportAction.Folding;
import io.gkp.connector.property.ExportAction.Meanwhile;
import io.gkp.connector.property.ExportAction.Models;
import io.gkp.connector.property.ExportAction.Reset;
import io.gkp.connector.property.ExportAction.Run;
import io.gkp.connector.property.ExportAction.Step;
import io.gkp.connector.property.ExportAction.Trouble;
import io.gkp.connector.property.SourceAction.AddColumn;
import io.gkp.connector.property.SourceAction.Copy;
import io.gkp.connector.property.SourceAction.Delete;
import io.gkp.connector.property.SourceAction.Insert;
import io.gkp.connector.property.SourceAction.InsertMany;
import io.gkp.connector.property.SourceAction.Move;
import io.gkp.connector.property.SourceAction.Swap;
import io.gkp.connector.property.SourceAction.Transaction;
import io.gkp.connector.property.SourceAction.Truncate;
import io.gkp.connector.property.SourceAction.Update;
import io.gkp.connector.property.SourceAction.UpdateAll;
import java.util.List;

/**
 * One step of a story. Its text is the Java expression that makes it again, by the methods here.
 */
sealed interface Action permits SourceAction, ExportAction {
  static Transaction begin(int session) {
    return new Transaction(session, Transaction.Verb.BEGIN);
  }

  static Transaction commit(int session) {
    return new Transaction(session, Transaction.Verb.COMMIT);
  }

  static Transaction rollback(int session) {
    return new Transaction(session, Transaction.Verb.ROLLBACK);
  }

  static Transaction savepoint(int session) {
    return new Transaction(session, Transaction.Verb.SAVEPOINT);
  }

  static Transaction rollbackToSavepoint(int session) {
    return new Transaction(session, Transaction.Verb.ROLLBACK_TO_SAVEPOINT);
  }

  /**
   * @param values what becomes of each column, two bits each: see {@link SourceValue#kind}
   */
  static Insert insert(int session, SourceTable table, int key, int values) {
    return new Insert(session, table, key, values);
  }

  static InsertMany insertMany(int session, SourceTable table, int key, int count, int values) {
    return new InsertMany(session, table, key, count, values);
  }

  static Copy copy(int session, SourceTable table, int key, int count) {
    return new Copy(session, table, key, count);
  }

  static Update update(int session, SourceTable table, int key, int values) {
    return new Update(session, table, key, values);
  }

  static UpdateAll updateAll(int session, SourceTable table, int values) {
    return new UpdateAll(session, table, values);
  }

  static Move move(int session, SourceTable table, int from, int to, int values) {
    return new Move(session, table, from, to, values);
  }

  static Swap swap(int session, SourceTable table, int left, int right) {
    return new Swap(session, table, left, right);
  }

  static Delete delete(int session, SourceTable table, int key) {
    return new Delete(session, table, key);
  }

  static Truncate truncate(int session, SourceTable table) {
    return new Truncate(session, table);
  }

  static AddColumn addColumn(SourceTable table) {
    return new AddColumn(table);
  }

  static Run run() {
    return run(Batches.LARGE);
  }

  static Run run(Batches batches) {
    return run(batches, Meanwhile.NOTHING, Trouble.NONE);
  }

  static Run run(Batches batches, Trouble trouble) {
    return run(batches, Meanwhile.NOTHING, trouble);
  }

  static Run run(Batches batches, Meanwhile meanwhile) {
    return run(batches, meanwhile, Trouble.NONE);
  }

  static Run run(Batches batches, Meanwhile meanwhile, Trouble trouble) {
    return new Run(batches, meanwhile, trouble);
  }

  /** In the database, at the run's n-th request of a kind and before it has an effect. */
  static Meanwhile meanwhile(Step step, int nth, SourceAction... actions) {
    return new Meanwhile(step, nth, List.of(actions));
  }

  /** Where the run ends, at its n-th request of a kind. */
  static Trouble at(Step step, int nth, Ending ending) {
    return new Trouble(step, nth, ending);
  }

  static Reset reset(SourceTable table) {
    return new Reset(table);
  }

  /** Of the even or of the odd rows. */
  static Backfill backfill(SourceTable table, int remainder) {
    return new Backfill(table, remainder);
  }

  static Models models(Folding folding) {
    return new Models(folding, 0);
  }

  /** Dies at the n-th job. */
  static Models models(Folding folding, int diesAtJob) {
    return new Models(folding, diesAtJob);
  }
}
