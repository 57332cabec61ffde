"""Programs as JSON and back: the published form of the model, without RDF and without Python."""
