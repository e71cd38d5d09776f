// The source of randomness. Code takes a Random& so that a test can repeat a run.
// Thread-safe.
#ifndef CANVASS_SERVER_BASE_RANDOM_H_
#define CANVASS_SERVER_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace canvass {

class Random {
 public:
  virtual ~Random() = default;
  // Returns `size` random bytes.
  virtual std::string Bytes(std::size_t size) = 0;
};

// The operating system's cryptographic generator. Safe for secrets.
class SecureRandom final : public Random {
 public:
  std::string Bytes(std::size_t size) override;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_RANDOM_H_
