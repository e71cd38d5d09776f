// Imports survey definitions that other people wrote, in SurveyJS's format and in formats that are refused, and
// compares with the counts that an independent parser took of them (truth.json). The files are not shipped: they are
// looked for in $CANVASS_SHARED_DATA, or beside this checkout.

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/surveyjs_export.h"
#include "client/surveyjs/surveyjs_import.h"
#include "server/base/error.h"
#include "server/surveys/publishing/check_for_publish.h"

namespace canvass {
namespace {

using nlohmann::json;

std::string ReadAll(const std::string& path) {
  // Reads plain files as they are.
  gzFile file = gzopen(path.c_str(), "rb");
  EXPECT_NE(file, nullptr) << path;
  if (file == nullptr) return "";
  std::string content;
  std::vector<char> buffer(1 << 16);
  for (int read = 0; (read = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;) {
    content.append(buffer.data(), static_cast<std::size_t>(read));
  }
  gzclose(file);
  return content;
}

class SurveyFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("CANVASS_SHARED_DATA");
    directory_ = std::string(shared == nullptr ? "../shared/data" : shared) + "/survey-definitions";
    if (!std::filesystem::exists(directory_ + "/truth.json")) {
      ASSERT_EQ(shared, nullptr) << directory_ << "/truth.json is missing, though CANVASS_SHARED_DATA is set";
      GTEST_SKIP() << "the survey definitions are not beside this checkout; they are not shipped";
    }
    truth_ = json::parse(ReadAll(directory_ + "/truth.json"), nullptr, false);
    ASSERT_TRUE(truth_.is_object());
  }

  // The entries of truth.json below `folder`.
  std::vector<json> FilesIn(const std::string& folder) const {
    std::vector<json> files;
    for (const json& file : truth_["files"]) {
      if (absl::StartsWith(file["file"].get<std::string>(), folder + "/")) files.push_back(file);
    }
    return files;
  }

  std::string directory_;
  json truth_;
};

// How many elements stand within questions that are repeated, which are left out as a whole.
int RepeatedElements(const json& value, bool inside) {
  int count = 0;
  if (value.is_array()) {
    for (const json& inner : value) count += (inside ? 1 : 0) + RepeatedElements(inner, inside);
  } else if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      if (name == "templateElements") count += RepeatedElements(inner, true);
      if (name == "elements" || name == "pages") count += RepeatedElements(inner, inside);
    }
  }
  return count;
}

int LeftOut(const surveyjs::Imported& imported) {
  int count = 0;
  for (const surveyjs::Note& note : imported.notes) {
    const bool whole =
        absl::StartsWith(note.message, "the paneldynamic") || absl::StartsWith(note.message, "the matrix");
    count += whole ? 1 : 0;
  }
  return count;
}

TEST_F(SurveyFilesTest, SurveyJsFilesAreImportedOrRefusedWithTheReason) {
  int imported_files = 0;
  std::printf("%-62s %9s %8s %6s\n", "file", "elements", "carried", "notes");
  for (const json& file : FilesIn("surveyjs")) {
    const std::string name = file["file"];
    const int elements = file.value("elements", 0);
    const std::string document = ReadAll(directory_ + "/" + name);
    const absl::StatusOr<surveyjs::Imported> imported = surveyjs::Import(document);
    if (!imported.ok()) {
      std::printf("%-62s %9d %8s        %s\n", name.c_str(), elements, "refused",
                  std::string(imported.status().message()).c_str());
      EXPECT_TRUE(absl::StrContains(imported.status().message(), "JSON schema") ||
                  absl::StrContains(imported.status().message(), "left out:"))
          << name << ": " << imported.status();
      continue;
    }
    ++imported_files;
    std::printf("%-62s %9d %8d %6zu\n", name.c_str(), elements, imported->definition.questions_size(),
                imported->notes.size());
    // No element is lost in silence.
    EXPECT_EQ(
        imported->definition.questions_size() + LeftOut(*imported) + RepeatedElements(json::parse(document), false),
        elements)
        << name;
    Violations violations;
    surveys::CheckForPublish(imported->definition, violations);
    EXPECT_TRUE(violations.empty()) << name << ": " << violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY);
    const absl::StatusOr<surveyjs::Exported> exported = surveyjs::Export(imported->definition, imported->display_name);
    ASSERT_TRUE(exported.ok()) << name << ": " << exported.status();
    const absl::StatusOr<surveyjs::Imported> again = surveyjs::Import(exported->json);
    ASSERT_TRUE(again.ok()) << name << ": " << again.status();
    EXPECT_EQ(again->definition.ShortDebugString(), imported->definition.ShortDebugString()) << name;
  }
  EXPECT_EQ(FilesIn("surveyjs").size(), 44);
  EXPECT_EQ(imported_files, 38);
}

TEST_F(SurveyFilesTest, ForeignFormatsAreRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> formats = {
      {"qualtrics-qsf", "Qualtrics"}, {"limesurvey-lss", "LimeSurvey"}, {"qti", "QTI"}, {"triple-s", "Triple-S"}};
  for (const auto& [folder, format] : formats) {
    const std::vector<json> files = FilesIn(folder);
    EXPECT_FALSE(files.empty()) << folder;
    for (const json& file : files) {
      const std::string name = file["file"];
      const absl::Status refused = surveyjs::Import(ReadAll(directory_ + "/" + name)).status();
      EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << name;
      // The data files of Triple-S are plain text.
      const bool data = absl::EndsWith(name, ".asc") || absl::EndsWith(name, ".csv");
      EXPECT_TRUE(absl::StrContains(refused.message(), data ? "not JSON" : format)) << name << ": " << refused;
    }
  }
}

TEST_F(SurveyFilesTest, CompressedFilesAreRefusedAsSuch) {
  for (const json& file : FilesIn("limesurvey-lss")) {
    const std::string name = file["file"];
    if (!absl::EndsWith(name, ".gz")) continue;
    std::ifstream stream(directory_ + "/" + name, std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    const absl::Status refused = surveyjs::Import(bytes.str()).status();
    EXPECT_TRUE(absl::StrContains(refused.message(), "gzip")) << refused;
  }
}

}  // namespace
}  // namespace canvass
