// A TensorFlow operation as its implementation sees it: inputs with checked shapes, outputs, and
// errors as exceptions, which fail the call with a message and never the process.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "tensorflow-c.h"

using Shape = std::vector<int64_t>;

class Operation {
 public:
  explicit Operation(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Operation() { TF_DeleteStatus(status_); }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  class Input {
   public:
    Input(TF_Tensor* tensor, const char* name) : tensor_(tensor, TF_DeleteTensor), name_(name) {}

    Shape shape() const {
      Shape sizes;
      for (int i = 0; i < TF_NumDims(tensor_.get()); i++) sizes.push_back(TF_Dim(tensor_.get(), i));
      return sizes;
    }

    int64_t dim(int index) const {
      if (index >= TF_NumDims(tensor_.get())) throw mismatch("more dimensions");
      return TF_Dim(tensor_.get(), index);
    }

    int64_t size() const { return elements(shape()); }

    // The size of the last dimension; all others are rows.
    int64_t row_size() const {
      const int dimensions = TF_NumDims(tensor_.get());
      const int64_t last = dimensions == 0 ? 0 : dim(dimensions - 1);
      if (last == 0) throw mismatch("rows of some size");
      return last;
    }

    // Its elements, after checking the shape.
    template <typename Element>
    const Element* data(const Shape& expected) const {
      if (shape() != expected) throw mismatch(text(expected));
      return static_cast<const Element*>(TF_TensorData(tensor_.get()));
    }

   private:
    std::invalid_argument mismatch(const std::string& expected) const {
      return std::invalid_argument(std::string(name_) + " is " + text(shape()) + ", expected " +
                                   expected);
    }

    std::unique_ptr<TF_Tensor, void (*)(TF_Tensor*)> tensor_;
    const char* name_;
  };

  Input input(int index, const char* name) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    check();
    return Input(tensor, name);
  }

  // The elements of a new output, uninitialized; valid as long as the call.
  template <typename Element = float>
  Element* output(int index, const Shape& shape) {
    static_assert(std::is_same_v<Element, float> || std::is_same_v<Element, int32_t>);
    TF_Tensor* tensor = TF_AllocateOutput(
        context_, index, std::is_same_v<Element, float> ? TF_FLOAT : TF_INT32, shape.data(),
        static_cast<int>(shape.size()), static_cast<size_t>(elements(shape)) * sizeof(Element),
        status_);
    check();
    outputs_.emplace_back(tensor, TF_DeleteTensor);
    return static_cast<Element*>(TF_TensorData(tensor));
  }

  // Runs the body of an operation; an exception becomes the operation's error.
  template <typename Body>
  static void run(TF_OpKernelContext* context, const Body& body) {
    Operation operation(context);
    try {
      body(operation);
    } catch (const std::bad_alloc&) {
      operation.fail(TF_RESOURCE_EXHAUSTED, "not enough memory");
    } catch (const std::invalid_argument& error) {
      operation.fail(TF_INVALID_ARGUMENT, error.what());
    } catch (const std::exception& error) {
      operation.fail(TF_INTERNAL, error.what());
    }
  }

 private:
  static int64_t elements(const Shape& shape) {
    int64_t product = 1;
    for (const int64_t size : shape) product *= size;
    return product;
  }

  static std::string text(const Shape& shape) {
    std::string all;
    for (const int64_t size : shape) all += (all.empty() ? "" : ", ") + std::to_string(size);
    return "[" + all + "]";
  }

  void check() {
    if (TF_GetCode(status_) != TF_OK) throw std::runtime_error(TF_Message(status_));
  }

  void fail(TF_Code code, const char* message) {
    TF_SetStatus(status_, code, message);
    TF_OpKernelContext_Failure(context_, status_);
  }

  TF_OpKernelContext* const context_;
  TF_Status* const status_;
  std::vector<std::unique_ptr<TF_Tensor, void (*)(TF_Tensor*)>> outputs_;
};

// What a kernel creates from its attributes, and passes to `compute`.
struct KernelState {
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*destroy)(void*) = nullptr;
};

// An integer attribute.
int32_t attribute(TF_OpKernelConstruction* construction, const char* name);

// A float attribute.
float float_attribute(TF_OpKernelConstruction* construction, const char* name);

// Registers an operation; inputs, outputs and attributes are written `name: type`.
void register_operation(const char* name, std::initializer_list<const char*> inputs,
                        std::initializer_list<const char*> outputs,
                        void (*compute)(void*, TF_OpKernelContext*),
                        std::initializer_list<const char*> attributes = {}, KernelState state = {});
