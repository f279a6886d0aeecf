"""What a person looks at: tables of numbers, drawings, pages."""
