// What a command says: resources to standard output in the form that -o asks for, hints to standard error.
//
//   const Columns<v1::Survey> kColumns = {{{"NAME"}, [](const v1::Survey& s) { return ShortName(s.name()); }}, …};
//   return printer.PrintList(surveys, kColumns);
//
// Not thread-safe. The streams must outlive it.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_PRINTER_H_
#define CANVASS_CLIENT_CLI_OUTPUT_PRINTER_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/output/table.h"
#include "client/cli/output/terminal.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace canvass::cli {

enum class Format { kTable, kJson, kYaml, kName };

// One column of a table of messages.
template <typename Message>
struct Column {
  TableColumn title;
  std::function<std::string(const Message&)> text;
};
template <typename Message>
using Columns = std::vector<Column<Message>>;

class Printer {
 public:
  Printer(Format format, const Terminal& terminal, std::ostream& out, std::ostream& err)
      : format_(format), terminal_(terminal), out_(out), err_(err) {}

  Format format() const { return format_; }
  const Terminal& terminal() const { return terminal_; }

  // A table, a JSON array, YAML documents, or names. UsageError for names of what has none.
  template <typename Message>
  absl::Status PrintList(const std::vector<Message>& messages, const Columns<Message>& columns);

  // A field a line, a JSON object, a YAML document, or a name.
  template <typename Message>
  absl::Status PrintOne(const Message& message, const Columns<Message>& columns);

  // A message in JSON or YAML, with `text` in its place for tables. UsageError for names.
  absl::Status PrintAs(const google::protobuf::Message& message, absl::string_view text);

  // Text as it is, to standard output.
  void PrintText(absl::string_view text) { out_ << text << std::flush; }
  // A line to standard error: what was done, or could be done next. Not data.
  void Note(absl::string_view text);
  // Text as it is, to standard error.
  void Tell(absl::string_view text) { err_ << text << std::flush; }
  std::ostream& err() { return err_; }

 private:
  template <typename Message>
  static std::string NameOf(const Message& message);
  absl::Status PrintMessages(const std::vector<const google::protobuf::Message*>& messages, bool one);
  absl::Status PrintNames(const std::vector<std::string>& names);
  void PrintFields(const std::vector<TableColumn>& titles, const std::vector<std::string>& texts);

  const Format format_;
  const Terminal& terminal_;
  std::ostream& out_;
  std::ostream& err_;
};

// "2017-05-10 14:03:00Z"; empty if not set.
std::string TimeText(const google::protobuf::Timestamp& time);
// "24 h"; empty if zero.
std::string SpanText(const google::protobuf::Duration& duration);

// Implementation of the templates.

template <typename Message>
std::string Printer::NameOf(const Message& message) {
  if constexpr (requires { message.name(); }) {
    return message.name();
  } else {
    return "";
  }
}

template <typename Message>
absl::Status Printer::PrintList(const std::vector<Message>& messages, const Columns<Message>& columns) {
  if (format_ == Format::kTable) {
    std::vector<TableColumn> titles;
    for (const Column<Message>& column : columns) titles.push_back(column.title);
    Table table(titles);
    for (const Message& message : messages) {
      std::vector<std::string> cells;
      for (const Column<Message>& column : columns) cells.push_back(column.text(message));
      table.AddRow(cells);
    }
    PrintText(table.Render(terminal_.out, terminal_.OutWidth()));
    return absl::OkStatus();
  }
  std::vector<const google::protobuf::Message*> pointers;
  std::vector<std::string> names;
  for (const Message& message : messages) {
    pointers.push_back(&message);
    names.push_back(NameOf(message));
  }
  return format_ == Format::kName ? PrintNames(names) : PrintMessages(pointers, false);
}

template <typename Message>
absl::Status Printer::PrintOne(const Message& message, const Columns<Message>& columns) {
  if (format_ == Format::kName) return PrintNames({NameOf(message)});
  if (format_ != Format::kTable) return PrintMessages({&message}, true);
  std::vector<TableColumn> titles;
  std::vector<std::string> texts;
  for (const Column<Message>& column : columns) {
    titles.push_back(column.title);
    texts.push_back(column.text(message));
  }
  PrintFields(titles, texts);
  return absl::OkStatus();
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_PRINTER_H_
