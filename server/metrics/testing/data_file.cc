#include "server/metrics/testing/data_file.h"

#include <fcntl.h>
#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/json_util.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace canvass::metrics::testing {
namespace {

[[noreturn]] void Die(absl::string_view what) {
  std::cerr << "data_file: " << what << std::endl;
  std::abort();
}

std::string ReadAll(absl::string_view file) {
  const std::string path = absl::StrCat(DataDirectory(), "/", file);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) Die(absl::StrCat("cannot open ", path));
  google::protobuf::io::FileInputStream raw(descriptor);
  raw.SetCloseOnDelete(true);
  google::protobuf::io::GzipInputStream unzipped(&raw);
  google::protobuf::io::ZeroCopyInputStream* in = &raw;
  if (absl::EndsWith(file, ".gz")) in = &unzipped;
  std::string text;
  const void* data = nullptr;
  for (int size = 0; in->Next(&data, &size);)
    text.append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  if (text.empty()) Die(absl::StrCat("cannot read ", path));
  return text;
}

// RFC 4180: fields may be quoted and then hold commas, line feeds and doubled quotes.
std::vector<std::vector<std::string>> SplitCsv(absl::string_view text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        fields.back().push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields.back().push_back(text[++i]);
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      lines.push_back(std::exchange(fields, std::vector<std::string>(1)));
    } else if (c != '\r') {
      fields.back().push_back(c);
    }
  }
  if (fields.size() > 1) lines.push_back(std::move(fields));
  return lines;
}

}  // namespace

std::string DataDirectory() {
  const char* named = std::getenv("CANVASS_SHARED_DATA");
  const std::string directory = named != nullptr ? named : "../shared/data";
  return std::filesystem::is_directory(directory) ? directory : "";
}

std::vector<DataRow> ReadCsv(absl::string_view file) {
  std::vector<std::vector<std::string>> lines = SplitCsv(ReadAll(file));
  std::vector<DataRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != lines[0].size()) Die(absl::StrCat(file, " line ", i, " has other columns than the header"));
    DataRow& row = rows.emplace_back();
    for (std::size_t column = 0; column < lines[0].size(); ++column) row[lines[0][column]] = lines[i][column];
  }
  return rows;
}

google::protobuf::Struct ReadTruth(absl::string_view data_set) {
  google::protobuf::Struct truth;
  const auto status =
      google::protobuf::util::JsonStringToMessage(ReadAll(absl::StrCat(data_set, "/truth.json")), &truth);
  if (!status.ok()) Die(absl::StrCat("truth.json of ", data_set, " is not JSON"));
  return truth;
}

const google::protobuf::Value& ValueAt(const google::protobuf::Struct& truth,
                                       std::initializer_list<absl::string_view> path) {
  const google::protobuf::Struct* at = &truth;
  const google::protobuf::Value* value = nullptr;
  for (absl::string_view key : path) {
    const auto it = at->fields().find(std::string(key));
    if (it == at->fields().end()) Die(absl::StrCat("truth.json has no ", key));
    value = &it->second;
    at = &value->struct_value();
  }
  return *value;
}

double NumberAt(const google::protobuf::Struct& truth, std::initializer_list<absl::string_view> path) {
  return ValueAt(truth, path).number_value();
}

}  // namespace canvass::metrics::testing
