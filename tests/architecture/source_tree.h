// The project's own sources as text, for tests that hold the layout against the rules.
#ifndef CANVASS_TESTS_ARCHITECTURE_SOURCE_TREE_H_
#define CANVASS_TESTS_ARCHITECTURE_SOURCE_TREE_H_

#include <string>
#include <vector>

namespace canvass::architecture {

struct SourceFile {
  // From the root of the checkout: "server/base/clock.h".
  std::string path;
  // "server/base".
  std::string directory;
  std::vector<std::string> lines;

  bool IsTest() const;
  bool IsHeader() const;
  // The paths of its #include "…" lines.
  std::vector<std::string> ProjectIncludes() const;
  // The paths of its #include <…> lines.
  std::vector<std::string> SystemIncludes() const;
  // All of its text without comments.
  std::string Code() const;
  // Its string literals, neighbours joined as the compiler joins them.
  std::vector<std::string> Literals() const;
};

// Every .h and .cc below server, tenants, client and tests. The working directory is the root of the checkout.
std::vector<SourceFile> ReadSources();

}  // namespace canvass::architecture

#endif  // CANVASS_TESTS_ARCHITECTURE_SOURCE_TREE_H_
