#include "client/cli/documents/record_reader.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/charts/text_width.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

bool IsBlank(absl::string_view line) { return absl::StripAsciiWhitespace(line).empty(); }

}  // namespace

absl::StatusOr<RecordReader> RecordReader::Open(const std::string& path) {
  if (path == "-") return From(std::cin, "standard input");
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return UsageError(absl::StrCat(path, " is a directory, not a file"));
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file) {
    return UsageError(absl::StrCat("cannot read ", path, ": ", std::generic_category().message(errno)));
  }
  RecordReader reader = From(*file, path);
  reader.owned_ = std::move(file);
  return reader;
}

RecordReader RecordReader::From(std::istream& input, absl::string_view source) {
  RecordReader reader;
  reader.source_ = std::string(source);
  reader.input_ = &input;
  return reader;
}

absl::StatusOr<std::optional<Node>> RecordReader::Next() {
  if (form_ == Form::kUnknown) {
    absl::Status status = Begin();
    if (!status.ok()) return WithSource(status);
  }
  if (form_ == Form::kLines) return NextLine();
  if (next_ >= records_.size()) return std::nullopt;
  return std::move(records_[next_++]);
}

// Looks at the first line that says something: a whole JSON object makes it NDJSON.
absl::Status RecordReader::Begin() {
  std::string text;
  std::string line;
  while (std::getline(*input_, line)) {
    ++line_;
    if (!IsBlank(line)) break;
    text.push_back('\n');
  }
  const bool object = absl::StripAsciiWhitespace(line).substr(0, 1) == "{";
  if (object && ParseJson(line, line_).ok()) {
    form_ = Form::kLines;
    pending_ = std::move(line);
    return absl::OkStatus();
  }
  absl::StrAppend(&text, line, "\n");
  text.append(std::istreambuf_iterator<char>(*input_), std::istreambuf_iterator<char>());
  form_ = Form::kWhole;
  return LoadWhole(std::move(text));
}

absl::Status RecordReader::LoadWhole(std::string text) {
  // JSON is nearly YAML; its pairs of surrogates are not.
  const bool json = absl::StripAsciiWhitespace(text).find_first_of("{[") == 0;
  std::vector<Node> documents;
  absl::StatusOr<Node> whole = json ? ParseJson(text, 1) : absl::InvalidArgumentError("");
  absl::StatusOr<std::vector<Node>> yaml = ParseYaml(text);
  if (yaml.ok()) {
    documents = *std::move(yaml);
  } else if (whole.ok()) {
    documents.push_back(*std::move(whole));
  } else {
    return yaml.status();
  }
  for (Node& document : documents) {
    if (document.kind != Node::Kind::kList) {
      records_.push_back(std::move(document));
      continue;
    }
    std::move(document.items.begin(), document.items.end(), std::back_inserter(records_));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Node>> RecordReader::NextLine() {
  std::string line;
  if (pending_.has_value()) {
    line = *std::exchange(pending_, std::nullopt);
  } else {
    while (IsBlank(line)) {
      if (!std::getline(*input_, line)) return std::nullopt;
      ++line_;
    }
  }
  if (!charts::IsUtf8(line)) return WithSource(absl::InvalidArgumentError(absl::StrCat(line_, ": this is not UTF-8")));
  absl::StatusOr<Node> record = ParseJson(line, line_);
  if (!record.ok()) return WithSource(record.status());
  return *std::move(record);
}

absl::Status RecordReader::WithSource(const absl::Status& status) const {
  return UsageError(absl::StrCat(source_, ":", status.message()));
}

}  // namespace canvass::cli
