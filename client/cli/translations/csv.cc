#include "client/cli/translations/csv.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "client/charts/text_width.h"

namespace canvass::cli {
namespace {

// What parts the fields of the first line.
char SeparatorOf(absl::string_view text) {
  const absl::string_view first = text.substr(0, text.find('\n'));
  const std::size_t found = first.find_first_of(",;\t");
  return found == absl::string_view::npos ? ',' : first[found];
}

class CsvReader {
 public:
  CsvReader(absl::string_view text, char separator, int line) : rest_(text), separator_(separator), line_(line) {}

  absl::StatusOr<std::vector<CsvRow>> Read() {
    std::vector<CsvRow> rows;
    while (!rest_.empty()) {
      CsvRow row = {.line = line_, .fields = {}};
      absl::Status status = ReadRow(row);
      if (!status.ok()) return status;
      const bool empty = row.fields.size() == 1 && row.fields.front().empty();
      if (!empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  absl::Status ReadRow(CsvRow& row) {
    while (true) {
      std::string& field = row.fields.emplace_back();
      absl::Status status = absl::ConsumePrefix(&rest_, "\"") ? ReadQuoted(field) : ReadPlain(field);
      if (!status.ok() || EndsLine()) return status;
      if (rest_.front() != separator_) {
        return absl::InvalidArgumentError(absl::StrCat(line_, ": a field goes on behind its closing quote"));
      }
      rest_.remove_prefix(1);
    }
  }

  absl::Status ReadPlain(std::string& field) {
    const char ends[] = {separator_, '\r', '\n', '\0'};
    const std::size_t end = rest_.find_first_of(ends);
    field = std::string(rest_.substr(0, end));
    rest_.remove_prefix(field.size());
    return absl::OkStatus();
  }

  absl::Status ReadQuoted(std::string& field) {
    const int start = line_;
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == absl::string_view::npos) {
        return absl::InvalidArgumentError(absl::StrCat(start, ": a quote is not closed"));
      }
      for (const char c : rest_.substr(0, quote)) line_ += c == '\n' ? 1 : 0;
      absl::StrAppend(&field, rest_.substr(0, quote));
      rest_.remove_prefix(quote + 1);
      if (!absl::ConsumePrefix(&rest_, "\"")) return absl::OkStatus();
      field.push_back('"');
    }
  }

  // Takes the line end, if there is one here or the text is over.
  bool EndsLine() {
    if (rest_.empty()) return true;
    absl::string_view after = rest_;
    absl::ConsumePrefix(&after, "\r");
    if (!after.empty() && !absl::ConsumePrefix(&after, "\n")) return false;
    rest_ = after;
    ++line_;
    return true;
  }

  absl::string_view rest_;
  const char separator_;
  int line_;
};

// Whether a formula begins behind `apostrophes` or more of them.
bool LooksLikeFormula(absl::string_view text, std::size_t apostrophes) {
  const std::size_t start = text.find_first_not_of('\'');
  return start != absl::string_view::npos && start >= apostrophes &&
         absl::string_view("=+-@\t\r").find(text[start]) != absl::string_view::npos;
}

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status CheckUtf8(absl::string_view text, int line) {
  if (charts::IsUtf8(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(line, ": this is not UTF-8; save it as CSV in UTF-8"));
}

}  // namespace

std::string CsvLine(absl::Span<const std::string> fields) {
  const std::string line = absl::StrJoin(fields, ",", [](std::string* out, const std::string& field) {
    const bool quote = field.find_first_of(",;\t\"\r\n") != std::string::npos || absl::StartsWith(field, " ") ||
                       absl::EndsWith(field, " ");
    absl::StrAppend(out, quote ? absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"") : field);
  });
  return absl::StrCat(line, "\r\n");
}

std::string SpreadsheetText(absl::string_view text) {
  return LooksLikeFormula(text, 0) ? absl::StrCat("'", text) : std::string(text);
}

std::string FromSpreadsheetText(absl::string_view cell) {
  return std::string(LooksLikeFormula(cell, 1) ? cell.substr(1) : cell);
}

absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  absl::Status status = CheckUtf8(text, 1);
  if (!status.ok()) return status;
  return CsvReader(text, SeparatorOf(text), 1).Read();
}

absl::StatusOr<std::optional<CsvRow>> CsvStream::Next() {
  while (true) {
    const int start = line_;
    std::string record;
    std::string line;
    // A record goes on over the line end while a quote is open: until then there is an odd number of them.
    do {
      if (!std::getline(input_, line)) break;
      ++line_;
      absl::StrAppend(&record, line, "\n");
    } while (std::count(record.begin(), record.end(), '"') % 2 != 0);
    if (record.empty()) return std::nullopt;
    absl::string_view text = record;
    if (!separator_.has_value()) {
      absl::ConsumePrefix(&text, kByteOrderMark);
      separator_ = SeparatorOf(text);
    }
    absl::Status status = CheckUtf8(text, start);
    if (!status.ok()) return status;
    absl::StatusOr<std::vector<CsvRow>> rows = CsvReader(text, *separator_, start).Read();
    if (!rows.ok()) return rows.status();
    if (!rows->empty()) return std::move(rows->front());
  }
}

}  // namespace canvass::cli
