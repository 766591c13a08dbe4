package io.sextant.jobs.ingest;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** A Parquet row written field after field, in the order of its schema, without boxing. */
final class RecordRow {
  private final RecordConsumer out;
  private int field;

  RecordRow(RecordConsumer out) {
    this.out = out;
  }

  void begin() {
    field = 0;
    out.startMessage();
  }

  void end() {
    out.endMessage();
  }

  void number(String name, long value) {
    out.startField(name, field);
    out.addLong(value);
    out.endField(name, field++);
  }

  void smallNumber(String name, int value) {
    out.startField(name, field);
    out.addInteger(value);
    out.endField(name, field++);
  }

  void text(String name, Binary value) {
    out.startField(name, field);
    out.addBinary(value);
    out.endField(name, field++);
  }

  void list(String name, short[] values) {
    startList(name);
    for (short value : values) {
      startElement();
      out.addInteger(value);
      endElement();
    }
    endList(name);
  }

  void list(String name, long[] values) {
    startList(name);
    for (long value : values) {
      startElement();
      out.addLong(value);
      endElement();
    }
    endList(name);
  }

  private void startList(String name) {
    out.startField(name, field);
    out.startGroup();
    out.startField("list", 0);
  }

  private void endList(String name) {
    out.endField("list", 0);
    out.endGroup();
    out.endField(name, field++);
  }

  private void startElement() {
    out.startGroup();
    out.startField("element", 0);
  }

  private void endElement() {
    out.endField("element", 0);
    out.endGroup();
  }
}
