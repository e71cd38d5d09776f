// Responses as rows of a table: a column a question, which `canvass response import` reads again.
//
//   ExportColumns columns(versions, {"event.store"});
//   std::string csv = columns.Header();
//   for (const v1::Response& response : …) csv += columns.Row(response);
//
// A matrix has a column a row (`quality.speed`), a hidden field one (`hidden.plan`), a question with an option `other`
// one more (`reason.other`); the keys of several options are joined by ';'. Texts that a spreadsheet would take for
// formulas get an apostrophe. Thread-safe once made.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_EXPORT_COLUMNS_H_
#define CANVASS_CLIENT_CLI_RESPONSES_EXPORT_COLUMNS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::cli {

class ExportColumns {
 public:
  // The questions of `versions`, of the first of them first. `facts` are paths as in conditions: `event.store`.
  ExportColumns(const std::vector<v1::SurveyVersion>& versions, const std::vector<std::string>& facts);

  // Records of CSV with their line end.
  std::string Header() const;
  std::string Row(const v1::Response& response) const;

 private:
  // What there is of a response beside its answers.
  struct Field {
    std::size_t place = 0;
    std::function<std::string(const v1::Response&)> text;
  };
  // Where the parts of an answer go; npos where there is no such column.
  struct Place {
    std::size_t value = std::string::npos;
    std::size_t other = std::string::npos;
    absl::flat_hash_map<std::string, std::size_t> rows;
  };

  void AddField(const std::string& title, std::function<std::string(const v1::Response&)> text);
  void AddQuestion(const v1::Question& question);
  std::size_t AddColumn(const std::string& title);
  void FillAnswer(const v1::Answer& answer, std::vector<std::string>& cells) const;

  std::vector<std::string> titles_;
  std::vector<Field> fields_;
  absl::flat_hash_map<std::string, Place> questions_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_EXPORT_COLUMNS_H_
