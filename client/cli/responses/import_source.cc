#include "client/cli/responses/import_source.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/charts/text_width.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

// Line ends outside quotes, a CSV's header and empty lines aside: what a progress bar needs to know.
std::int64_t CountRows(std::istream& file, TableFormat format) {
  std::int64_t rows = 0;
  bool quoted = false;
  bool empty = true;
  std::array<char, std::size_t{1} << 16> block = {};
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    for (const char c : absl::string_view(block.data(), static_cast<std::size_t>(file.gcount()))) {
      if (c == '"' && format == TableFormat::kCsv) quoted = !quoted;
      if (c != '\n') {
        empty = empty && c == '\r';
        continue;
      }
      if (quoted) continue;
      rows += empty ? 0 : 1;
      empty = true;
    }
  }
  rows += empty ? 0 : 1;
  return format == TableFormat::kCsv && rows > 0 ? rows - 1 : rows;
}

// Problems of CSV begin with their line: "7: a quote is not closed".
void TakeProblem(absl::string_view message, ImportRecord& record) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(message, absl::MaxSplits(": ", 1));
  if (!absl::SimpleAtoi(parts.first, &record.line)) record.line = 0;
  record.problem = absl::StrCat("line ", message);
}

}  // namespace

TableFormat TableFormatOf(absl::string_view name, absl::string_view file) {
  if (!name.empty()) return name == "ndjson" ? TableFormat::kNdjson : TableFormat::kCsv;
  for (const absl::string_view ending : {".ndjson", ".jsonl", ".json"}) {
    if (absl::EndsWithIgnoreCase(file, ending)) return TableFormat::kNdjson;
  }
  return TableFormat::kCsv;
}

std::string ImportRecord::Content() const { return absl::StrJoin(fields, absl::string_view("\0", 1)); }

absl::StatusOr<std::unique_ptr<ImportSource>> ImportSource::Open(const std::string& file, TableFormat format) {
  std::unique_ptr<ImportSource> source(new ImportSource(format));
  source->name_ = file == "-" ? "standard input" : file;
  source->lines_ = &std::cin;
  if (file != "-") {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
      return UsageError(absl::StrCat(file, " is a directory, not a file"));
    }
    source->file_.open(file, std::ios::binary);
    if (!source->file_) {
      return UsageError(absl::StrCat("cannot read ", file, ": ", std::generic_category().message(errno)));
    }
    if (std::filesystem::is_regular_file(file, error)) {
      source->total_ = CountRows(source->file_, format);
      source->file_.clear();
      source->file_.seekg(0);
    }
    source->lines_ = &source->file_;
  }
  absl::Status status = source->ReadHeader();
  if (!status.ok()) return status;
  return source;
}

absl::Status ImportSource::ReadHeader() {
  if (format_ == TableFormat::kNdjson) return absl::OkStatus();
  csv_.emplace(*lines_);
  absl::StatusOr<std::optional<CsvRow>> header = csv_->Next();
  if (!header.ok()) return UsageError(absl::StrCat(name_, ":", header.status().message()));
  if (!header->has_value()) return UsageError(absl::StrCat("there is nothing in ", name_));
  for (const std::string& title : (*header)->fields) {
    header_.emplace_back(absl::StripAsciiWhitespace(title));
  }
  return absl::OkStatus();
}

std::optional<ImportRecord> ImportSource::Next() {
  ImportRecord record;
  if (format_ == TableFormat::kCsv ? !NextCsv(record) : !NextLine(record)) return std::nullopt;
  record.number = ++number_;
  return record;
}

bool ImportSource::NextCsv(ImportRecord& record) {
  absl::StatusOr<std::optional<CsvRow>> row = csv_->Next();
  if (!row.ok()) {
    TakeProblem(row.status().message(), record);
    return true;
  }
  if (!row->has_value()) return false;
  record.line = (*row)->line;
  record.fields = std::move((*row)->fields);
  return true;
}

bool ImportSource::NextLine(ImportRecord& record) {
  std::string line;
  do {
    if (!std::getline(*lines_, line)) return false;
    ++line_;
  } while (absl::StripAsciiWhitespace(line).empty());
  record.line = line_;
  const bool utf8 = charts::IsUtf8(line);
  absl::StatusOr<Node> node = utf8 ? ParseJson(line, line_) : absl::InvalidArgumentError("");
  record.fields.push_back(std::move(line));
  if (!utf8) {
    record.problem = absl::StrCat("line ", line_, ": this is not UTF-8");
  } else if (!node.ok() || node->kind != Node::Kind::kMap) {
    record.problem = node.ok() ? absl::StrCat("line ", line_, ": this is not an object of JSON")
                               : absl::StrCat("line ", node.status().message());
  } else {
    record.node = *std::move(node);
  }
  return true;
}

}  // namespace canvass::cli
