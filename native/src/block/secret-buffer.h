/** Memory for secrets: aligned for vectors, zero at first, and overwritten before it is given back. */
#pragma once
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "secret/wipe.h"

namespace causeway {

/** An array of `size` elements of a plain type, at a 64-byte boundary. Moved, never copied. Out of memory ends the
 * process. */
template <class T>
class SecretBuffer {
 public:
  SecretBuffer() = default;
  explicit SecretBuffer(std::size_t size) : size_(size) {
    if (size == 0) return;
    data_ = static_cast<T*>(::operator new (size * sizeof(T), std::align_val_t{64}, std::nothrow));
    if (data_ == nullptr) std::abort();
    std::memset(static_cast<void*>(data_), 0, size * sizeof(T));
  }
  SecretBuffer(SecretBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBuffer& operator=(SecretBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SecretBuffer() {
    if (data_ == nullptr) return;
    wipe(data_, size_ * sizeof(T));
    ::operator delete (data_, std::align_val_t{64});
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace causeway
