#include "client/cli/survey/subject.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/documents/load.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

bool IsFile(absl::string_view text) {
  if (text == "-" || absl::StrContains(text, ".")) return true;
  const bool name = absl::StartsWith(text, "tenants/") || absl::StartsWith(text, "surveys/");
  return absl::StrContains(text, "/") && !name;
}

absl::StatusOr<Subject> LoadSubject(Session& session, const std::string& text) {
  if (!IsFile(text)) {
    absl::StatusOr<v1::Survey> survey = GetSurvey(session, text);
    if (!survey.ok()) return survey.status();
    return Subject{.survey = *std::move(survey), .locations = std::nullopt};
  }
  // The tenant matters only to what is stored.
  auto documents = LoadAll<v1::Survey>({text}, TenantName(""), ReadSurvey);
  if (!documents.ok()) return documents.status();
  if (documents->size() > 1) {
    return UsageError(absl::StrCat(text, " holds ", documents->size(), " surveys; give a file with one"));
  }
  return Subject{.survey = std::move(documents->front().message), .locations = std::move(documents->front().locations)};
}

absl::StatusOr<v1::Survey> GetSurvey(Session& session, const std::string& id) {
  const absl::StatusOr<std::string> name = session.Name("surveys", id);
  if (!name.ok()) return name.status();
  v1::GetSurveyRequest request;
  request.set_name(*name);
  return session.Call(&client::Surveys::GetSurvey, request);
}

std::string VersionName(absl::string_view survey, int version) { return absl::StrCat(survey, "/versions/", version); }

absl::Status WriteText(Session& session, const std::string& file, absl::string_view text, Overwrite overwrite) {
  if (file.empty() || file == "-") {
    session.out().PrintText(text);
    return absl::OkStatus();
  }
  std::error_code error;
  if (overwrite == Overwrite::kNo && std::filesystem::exists(file, error)) {
    return UsageError(absl::StrCat(file, " exists; --force replaces it"));
  }
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text << std::flush;
  if (!stream) return UsageError(absl::StrCat("cannot write ", file, ": ", std::generic_category().message(errno)));
  session.out().Note(absl::StrCat("wrote ", file));
  return absl::OkStatus();
}

}  // namespace canvass::cli
