// Holds the sources against the rules of docs/ARCHITECTURE.md: who may include whom, how large things may grow, and
// where the few privileged calls may stand.

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/architecture/source_tree.h"

namespace canvass::architecture {
namespace {

constexpr std::size_t kMaxSourceLines = 400;
constexpr std::size_t kMaxTestLines = 800;
constexpr std::size_t kMaxUnitsPerFolder = 12;

// Room → rooms whose headers it may include. Generated protos are open to all; main may include everything.
const std::map<std::string, std::set<std::string>>& AllowedIncludes() {
  static const std::map<std::string, std::set<std::string>> allowed = {
      {"server/base", {}},
      {"server/conditions", {"server/base"}},
      {"server/mysql", {"server/base"}},
      {"tenants", {"server/mysql", "server/base"}},
      {"server/operations", {}},
      {"server/settings", {}},
      {"server/surveys", {}},
      {"server/contacts", {}},
      {"server/metrics", {"server/surveys"}},
      {"server/distribution", {"server/settings", "server/surveys", "server/contacts", "server/metrics"}},
      {"server/triggers",
       {"server/distribution", "server/settings", "server/surveys", "server/contacts", "server/metrics"}},
      {"server/events",
       {"server/triggers", "server/distribution", "server/operations", "server/settings", "server/surveys",
        "server/contacts", "server/metrics"}},
      {"server/responses", {"server/distribution", "server/metrics", "server/surveys", "server/contacts"}},
      {"server/rpc",
       {"server/settings", "server/surveys", "server/contacts", "server/events", "server/triggers",
        "server/distribution", "server/operations", "server/responses", "server/metrics"}},
      {"server/http",
       {"server/settings", "server/surveys", "server/contacts", "server/events", "server/triggers",
        "server/distribution", "server/responses", "server/metrics"}},
      {"client/cpp", {}},
      {"client/charts", {}},
      {"client/surveyjs", {}},
      {"client/cli", {"client/cpp", "client/charts", "client/surveyjs"}},
      {"client/demo", {"client/cpp", "client/charts"}},
  };
  return allowed;
}

bool IsRoomOfServer(const std::string& room) {
  return absl::StartsWith(room, "server/") && room != "server/base" && room != "server/mysql" &&
         room != "server/conditions";
}

// "server/distribution/channels/email.h" → "server/distribution"; "tenants/role.h" → "tenants".
std::string RoomOf(const std::string& path) {
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  if (parts[0] == "tenants" || parts.size() < 3) return parts[0];
  return absl::StrCat(parts[0], "/", parts[1]);
}

bool IsOurs(const std::string& include) {
  for (const char* root : {"server/", "tenants/", "client/", "tests/"}) {
    if (absl::StartsWith(include, root)) return true;
  }
  return false;
}

bool MayInclude(const std::string& room, const std::string& other) {
  if (room == other || room == "server/main" || absl::StartsWith(room, "tests")) return true;
  const auto row = AllowedIncludes().find(room);
  if (row == AllowedIncludes().end()) return false;
  if (row->second.contains(other)) return true;
  const bool everybodys =
      other == "server/base" || other == "server/mysql" || other == "server/conditions" || other == "tenants";
  return IsRoomOfServer(room) && everybodys;
}

TEST(LayoutTest, RoomsIncludeOnlyWhatTheyMay) {
  for (const SourceFile& file : ReadSources()) {
    if (file.IsTest()) continue;
    for (const std::string& include : file.ProjectIncludes()) {
      if (!IsOurs(include)) continue;
      EXPECT_TRUE(MayInclude(RoomOf(file.path), RoomOf(include))) << file.path << " may not include " << include;
    }
  }
}

TEST(LayoutTest, GrpcStaysAtTheEdge) {
  for (const SourceFile& file : ReadSources()) {
    const bool edge = absl::StartsWith(file.path, "server/rpc/") || absl::StartsWith(file.path, "server/main/") ||
                      absl::StartsWith(file.path, "client/") || absl::StartsWith(file.path, "tests/");
    for (const std::string& include : file.SystemIncludes()) {
      EXPECT_TRUE(edge || !absl::StartsWith(include, "grpc")) << file.path << " includes <" << include << ">";
    }
    for (const std::string& include : file.ProjectIncludes()) {
      EXPECT_TRUE(edge || !absl::StrContains(include, ".grpc.pb.h")) << file.path << " includes " << include;
    }
  }
}

TEST(LayoutTest, TheDriverStaysInMysql) {
  for (const SourceFile& file : ReadSources()) {
    if (RoomOf(file.path) == "server/mysql") continue;
    for (const std::string& include : file.SystemIncludes()) {
      EXPECT_FALSE(absl::StartsWith(include, "cppconn/") || absl::StrContains(include, "mysql"))
          << file.path << " includes <" << include << ">";
    }
  }
}

TEST(LayoutTest, FilesStaySmall) {
  for (const SourceFile& file : ReadSources()) {
    EXPECT_LE(file.lines.size(), file.IsTest() ? kMaxTestLines : kMaxSourceLines) << file.path;
  }
}

TEST(LayoutTest, FoldersStaySmall) {
  std::map<std::string, std::set<std::string>> units;
  for (const SourceFile& file : ReadSources()) {
    if (!file.IsTest()) units[file.directory].insert(file.path.substr(0, file.path.rfind('.')));
  }
  for (const auto& [folder, names] : units) EXPECT_LE(names.size(), kMaxUnitsPerFolder) << folder;
}

TEST(LayoutTest, NothingIsNamedLikeADrawer) {
  const std::regex drawer("(^|[/_])(utils?|common|helpers?|managers?|misc|impl)([/_.]|$)");
  for (const SourceFile& file : ReadSources()) EXPECT_FALSE(std::regex_search(file.path, drawer)) << file.path;
}

TEST(LayoutTest, HeadersSayWhatTheyAreFor) {
  for (const SourceFile& file : ReadSources()) {
    if (!file.IsHeader() || file.lines.empty()) continue;
    EXPECT_TRUE(absl::StartsWith(file.lines[0], "// ")) << file.path << " does not open with a comment";
  }
}

TEST(LayoutTest, OnlyTheTenantStageMintsScopes) {
  for (const SourceFile& file : ReadSources()) {
    if (file.IsTest() || RoomOf(file.path) == "tenants" || file.path == "server/base/tenant_scope.h") continue;
    EXPECT_FALSE(absl::StrContains(file.Code(), "ScopeMint")) << file.path;
  }
}

TEST(LayoutTest, OnlyTenantsAndMysqlStepOutsideATenant) {
  static const std::regex call("[.>]System\\(");
  for (const SourceFile& file : ReadSources()) {
    if (file.IsTest() || RoomOf(file.path) == "tenants" || RoomOf(file.path) == "server/mysql") continue;
    EXPECT_FALSE(std::regex_search(file.Code(), call)) << file.path;
  }
}

// Whether a statement's text goes on elsewhere: put together from pieces, its condition is another literal of the file.
bool GoesOn(const std::string& literal) { return absl::EndsWith(literal, "(") || absl::EndsWith(literal, " "); }

TEST(LayoutTest, EveryStatementNamesItsTenant) {
  static const std::regex statement("^(SELECT|UPDATE|DELETE|INSERT|REPLACE) ");
  int seen = 0;
  for (const SourceFile& file : ReadSources()) {
    const std::string room = RoomOf(file.path);
    if (file.IsTest() || !absl::StartsWith(room, "server/") || room == "server/mysql") continue;
    for (const std::string& literal : file.Literals()) {
      if (!std::regex_search(literal, statement)) continue;
      ++seen;
      const std::string text = GoesOn(literal) ? absl::StrJoin(file.Literals(), "\n") : literal;
      // What asks the database for its time, say, reads no table.
      if (absl::StartsWith(literal, "SELECT ") && !absl::StrContains(text, "FROM ")) continue;
      EXPECT_TRUE(absl::StrContains(text, "tenant_id")) << file.path << ": " << literal;
    }
  }
  EXPECT_GT(seen, 20) << "the search no longer finds the stores' statements";
}

TEST(LayoutTest, TimeAndSleepAreInjected) {
  for (const SourceFile& file : ReadSources()) {
    const std::string room = RoomOf(file.path);
    if (file.IsTest() || !IsRoomOfServer(room) || room == "server/main") continue;
    const std::string code = file.Code();
    EXPECT_FALSE(absl::StrContains(code, "absl::Now()")) << file.path;
    EXPECT_FALSE(absl::StrContains(code, "absl::SleepFor(")) << file.path;
  }
}

}  // namespace
}  // namespace canvass::architecture
